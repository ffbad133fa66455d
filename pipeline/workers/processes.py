"""Workers as processes of this machine."""

import multiprocessing
import os
import signal
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from typing import Self

from pipeline.workers.process import prepare
from pipeline.workers.workers import Job, in_our_words

_job: Job | None = None


class Processes:
    """So many processes; see ``Workers``.

    They end with the process that started them, however that ends: each listens to a pipe that closes then.
    """

    def __init__(self, job: Job, width: int) -> None:
        self._job, self.width = job, width
        self._context = multiprocessing.get_context("spawn")
        self._start()

    def submit(self, task: object) -> "Future[None]":
        return in_our_words(self._pool.submit(_run, task), BrokenProcessPool)

    def recover(self) -> None:
        self._stop()
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._pool.shutdown()
        self._stop()

    def _start(self) -> None:
        reader, self._lifeline = self._context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(
            self.width, self._context, initializer=_begin, initargs=(self._job, reader)
        )

    def _stop(self) -> None:
        self._lifeline.close()
        self._pool.shutdown(cancel_futures=True)


def _begin(job: Job, lifeline: Connection) -> None:
    global _job  # noqa: PLW0603 (a process of the pool has one job for all its tasks)
    _job = job
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the process that started this one
    prepare()
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()


def _end_with(lifeline: Connection) -> None:
    lifeline.poll(None)
    os._exit(1)


def _run(task: object) -> None:
    if _job is None:
        raise RuntimeError("This process has no job.")
    _job.run(task)
