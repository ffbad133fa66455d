"""Understanding whom ``--workers`` asks for."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, TypeAlias

from pipeline.command_line import BadInput
from pipeline.workers.cluster import connected, on_slurm
from pipeline.workers.process import prepare
from pipeline.workers.processes import Processes
from pipeline.workers.workers import InProcess, Job, Workers

Staff: TypeAlias = Callable[[Job], Workers]
"""Finds the workers for a job."""
SLURM: Final = "slurm"


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
