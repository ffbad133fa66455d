"""Who does the work: this process, others on this machine, or a Dask cluster."""

from concurrent.futures import Future
from pathlib import Path
from typing import Any, Protocol, Self


class Job(Protocol):
    """Work that is cut into tasks; picklable, the same on every worker."""

    @property
    def mark(self) -> Path:
        """A file that is there before the work begins, in the folder that every worker must see."""
        ...

    def run(self, task: Any) -> None:
        """Do one task: file to file, so that it may be done again, anywhere."""
        ...


class WorkerDied(Exception):
    """A worker ended in the middle of a task: killed for its memory, or crashed by a file."""


class WorkersLost(Exception):
    """Nobody is left to do the work. ``str()`` says so in one sentence."""


class Workers(Protocol):
    """Does the tasks of one job, some at a time; a context in which they live.

    A future fails with ``WorkerDied`` where a worker ended, with ``WorkersLost`` where all are out of reach.
    """

    @property
    def width(self) -> int:
        """Tasks that can be done at a time, just now."""
        ...

    def submit(self, task: object) -> "Future[None]":
        """Have a task done: ``Job.run``."""
        ...

    def recover(self) -> None:
        """Be ready again after a worker ended."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        """End the workers; at once, if an exception (Ctrl-C) is on its way."""
        ...


class InProcess:
    """This process does the work; see ``Workers``. A file that crashes it ends the build."""

    width = 1

    def __init__(self, job: Job) -> None:
        self._job = job

    def submit(self, task: object) -> "Future[None]":
        self._job.run(task)
        done: Future[None] = Future()
        done.set_result(None)
        return done

    def recover(self) -> None:
        """See ``Workers``; there is nobody else who could end."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """See ``Workers``."""


def in_our_words(future: "Future[None]", died: type[Exception]) -> "Future[None]":
    """A future that fails with this module's exceptions.

    Args:
        died: what ``future`` fails with where a worker ended.
    """
    ours: Future[None] = Future()

    def pass_on(done: "Future[None]") -> None:
        if done.cancelled():
            ours.set_exception(
                WorkersLost("The workers are out of reach. The same command goes on from here.")
            )
        elif isinstance(error := done.exception(), died):
            ours.set_exception(WorkerDied())
        elif error is not None:
            ours.set_exception(error)
        else:
            ours.set_result(None)

    future.add_done_callback(pass_on)
    return ours
