"""Workers as a Dask cluster: one by address, or one that is started on SLURM for this build."""

import pickle
import shutil
import sys
import threading
import zlib
from collections.abc import Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Final, Self

from pipeline.command_line import BadInput
from pipeline.workers.process import prepare
from pipeline.workers.workers import Job, in_our_words

if TYPE_CHECKING:
    from distributed import Client

# For an address that is wrong, or a cluster without workers; a queue may take as long as it likes.
SECONDS_TO_ANSWER: Final = 30

_at_work = threading.Lock()


class Cluster:
    """The workers of a Dask cluster; see ``Workers``.

    They must see the photographs and the output folder under the same paths. A worker does one task
    at a time, so that more than one thread each (``--nthreads 1``) is of no use.

    Args:
        close: ends what was started for this build, besides the client.
    """

    def __init__(self, job: Job, client: "Client", close: Any = None) -> None:
        self._client, self._close = client, close
        # As a task of its own, the job is made again by the cluster where the worker that had it is gone.
        self._job = client.submit(_unpacked, zlib.compress(pickle.dumps(job)), pure=False)
        self._pool = client.get_executor(pure=False)

    @property
    def width(self) -> int:
        """See ``Workers``; workers come and go."""
        return max(1, len(self._client.nthreads()))

    def submit(self, task: object) -> "Future[None]":
        from distributed import KilledWorker

        return in_our_words(self._pool.submit(_run, self._job, task), KilledWorker)

    def recover(self) -> None:
        """See ``Workers``; a cluster replaces its workers by itself."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pool.shutdown(wait=kind is None)
        self._client.close()
        if self._close is not None:
            self._close()


def connected(job: Job, address: str) -> Cluster:
    """Use the cluster whose scheduler has this address.

    Raises:
        BadInput: nobody answers, it has no workers, or they do not see the output folder.
    """
    from distributed import Client

    try:
        client = Client(address, timeout=SECONDS_TO_ANSWER)
    except (OSError, ValueError) as error:  # TimeoutError is an OSError
        raise BadInput(f"no Dask scheduler answers at {address}.") from error
    try:
        client.wait_for_workers(1, timeout=SECONDS_TO_ANSWER)
    except TimeoutError as error:
        client.close()
        raise BadInput(f"the Dask cluster at {address} has no workers.") from error
    if not client.submit(job.mark.is_file, pure=False).result():
        client.close()
        raise BadInput(
            f"the workers at {address} do not see {job.mark.parent}: put it on a file system they share."
        )
    return Cluster(job, client)


def on_slurm(job: Job, jobs: int, options: Mapping[str, Any]) -> Cluster:
    """Start workers as SLURM jobs, for this build only.

    Args:
        jobs: how many to ask for; the build begins with the first that starts.
        options: of ``dask_jobqueue.SLURMCluster`` (``queue``, ``account``, ``walltime``, ``memory``, …); what
            is not said is as in dask-jobqueue's own configuration.

    Raises:
        BadInput: there is no SLURM here, dask-jobqueue is not installed, or it refuses an option.
    """
    if shutil.which("sbatch") is None:
        raise BadInput("SLURM's sbatch is not here: start the build where jobs are submitted.")
    try:
        from dask_jobqueue.slurm import SLURMCluster
    except ImportError as error:
        raise BadInput("workers on SLURM need dask-jobqueue: pip install dask-jobqueue.") from error
    from distributed import Client

    try:
        cluster = SLURMCluster(**{"cores": 1, "processes": 1, "memory": "2GB", **options})
    except (TypeError, ValueError) as error:
        raise BadInput(f"SLURM workers cannot be set up: {error}") from error
    cluster.scale(jobs=jobs)
    sys.stderr.write(f"SLURM has been asked for {jobs} jobs; the build begins when the first one starts.\n")
    return Cluster(job, Client(cluster), cluster.close)


def _unpacked(data: bytes) -> Job:
    # Of our own making, a moment ago: Dask itself sends its tasks this way.
    job: Job = pickle.loads(zlib.decompress(data))  # noqa: S301
    return job


def _run(job: Job, task: object) -> None:
    with _at_work:
        prepare()
        job.run(task)
