"""A build from its beginning, or from wherever it was ended, to its end."""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, TypeAlias

from tqdm import tqdm

from pipeline.command_line import BadInput
from pipeline.dataset.build.cluster import connected, on_slurm
from pipeline.dataset.build.configuration import Configuration
from pipeline.dataset.build.coordinator import Coordinator, read_state
from pipeline.dataset.build.job import Job
from pipeline.dataset.build.layout import Layout
from pipeline.dataset.build.processes import Processes
from pipeline.dataset.build.report import conclude
from pipeline.dataset.build.worker_process import prepare
from pipeline.dataset.build.workers import InProcess, Workers
from pipeline.dataset.sources import Sources
from pipeline.whole_files import write_whole

Staff: TypeAlias = Callable[[Job], Workers]
"""Finds the workers for a job."""
SLURM: Final = "slurm"
FORMAT: Final = 1


def plan_of(paths: Sequence[str], sources: Sources, configuration: Configuration) -> dict[str, Any]:
    """Everything that the output depends on, as plain values.

    Args:
        paths: of the sources, as the user gave them.
    """
    names = hashlib.sha256()
    for index in range(len(sources)):
        names.update(sources.name(index).encode() + b"\0")
    plan: dict[str, Any] = {
        "format": FORMAT,
        "sources": list(paths),
        "photographs": len(sources),
        "names": names.hexdigest(),
        "ignored": sources.ignored,
        "steps": [
            {"name": step.name, "kind": step.kind, "arguments": step.all_arguments}
            for step in configuration.steps
        ],
        "output": configuration.format,
        "chunk_size": configuration.chunk_size,
    }
    if configuration.format == "tfrecord":
        plan["shard_size"] = configuration.shard_size
    # What cannot be written as JSON (a detector made in Python) is told by its text.
    plain: dict[str, Any] = json.loads(json.dumps(plan, default=str))
    return plain


def build(job: Job, plan: dict[str, Any], staff: Staff) -> dict[str, Any]:
    """Build a data set in ``job.layout.folder``, or go on with it, and write its report.

    However the process ends, nothing is lost but what was under way: the same call goes on from there, and
    what comes of it is, byte for byte, what an undisturbed one writes. Progress is shown on standard error.

    Args:
        plan: see ``plan_of``.

    Returns:
        The report.

    Raises:
        BadInput: the folder holds something else, or another process is building in it.
        WorkersLost: nobody is left to do the work.
        KeyboardInterrupt: Ctrl-C or SIGTERM.
    """
    layout = job.layout
    _settle(layout, plan)
    if not layout.finished:
        layout.work.mkdir(exist_ok=True)
        with _alone(layout), _terminable():
            done = min(read_state(layout)["chunks"] * job.chunk_size, len(job.sources))
            bar = tqdm(total=len(job.sources), initial=done, desc="faces", unit="photo", smoothing=0.05)
            with bar, staff(job) as workers:
                files = Coordinator(job, workers, bar.update).run()
            conclude(layout, plan, files)
            # In one move, so that no build ever takes up what is left of a half deleted folder.
            layout.work.rename(layout.finished_work)
    shutil.rmtree(layout.finished_work, ignore_errors=True)
    report: dict[str, Any] = json.loads(layout.report.read_bytes())
    return report


def _settle(layout: Layout, plan: dict[str, Any]) -> None:
    """Take the folder for this plan, or find that it was taken for the same one before.

    Raises:
        BadInput: the folder holds something else.
    """
    if layout.plan.exists():
        before = json.loads(layout.plan.read_bytes())
        if differing := [name for name in {**plan, **before} if plan.get(name) != before.get(name)]:
            raise BadInput(
                f"{layout.folder} was begun with other {' and '.join(differing)}: name another folder, or "
                "delete this one."
            )
        return
    if layout.folder.exists() and (
        not layout.folder.is_dir() or set(layout.folder.iterdir()) - {layout.work}
    ):
        raise BadInput(f"{layout.folder} is not an empty folder: name another one.")
    layout.work.mkdir(parents=True, exist_ok=True)
    write_whole(layout.plan, (json.dumps(plan, indent=2) + "\n").encode(), layout.work)


@contextmanager
def _alone(layout: Layout) -> Iterator[None]:
    """Hold the folder; the system lets go of it when the process ends, however that ends."""
    with layout.lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BadInput(f"another process is building in {layout.folder}.") from error
        yield


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the build as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def staff(workers: str | None, slurm: Mapping[str, Any]) -> Staff:
    """Understand ``--workers``.

    Args:
        workers: a number of processes of this machine (0: this process itself), the address of a Dask
            scheduler, or ``slurm:N`` for N jobs; None for a process for each core that this process may use.
        slurm: options of ``dask_jobqueue.SLURMCluster``.

    Raises:
        BadInput: none of these.
    """
    if workers is None:
        workers = str(len(os.sched_getaffinity(0)))
    if workers.isdecimal():
        return partial(Processes, width=int(workers)) if int(workers) else _in_process
    kind, _, rest = workers.partition(":")
    if kind == SLURM and (not rest or rest.isdecimal()):
        return partial(on_slurm, jobs=max(1, int(rest or 1)), options=slurm)
    if kind != SLURM and rest:
        return partial(connected, address=workers)
    raise BadInput(
        f"--workers is a number, the address of a Dask scheduler (tcp://HOST:8786) or slurm:N, not {workers}."
    )


def _in_process(job: Job) -> Workers:
    prepare()
    return InProcess(job)
