"""Outliving files that end the process that reads them."""

import json
from typing import Final

from pipeline.dataset.build.job import Job, Probe, Refusals, Task
from pipeline.whole_files import write_whole
from pipeline.workers.workers import WorkerDied, Workers, WorkersLost

ATTEMPTS: Final = 3
REASON: Final = "The process that read the file ended at once: the file harms the programs that decode it."


class Survival:
    """Does tasks again during which a worker ended, without the photographs that were the cause.

    Which these are is written down before the task is done again, so that a build that goes on later leaves
    out the same ones.
    """

    def __init__(self, job: Job, workers: Workers) -> None:
        self._job, self._workers = job, workers
        self._file = job.layout.refused
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        self._refused = {int(index): str(reason) for index, reason in map(json.loads, lines)}

    def refused(self, chunk: int) -> Refusals:
        """The photographs of a chunk that are not to be read."""
        return tuple(
            (index, self._refused[index]) for index in self._job.chunk(chunk) if index in self._refused
        )

    def outlive(self, task: Task) -> None:
        """Do a task alone, as often as it takes.

        Raises:
            WorkersLost: workers end, and no single photograph is the cause.
        """
        for _ in range(ATTEMPTS):
            self._workers.recover()
            try:
                self._workers.submit(task).result()
            except WorkerDied:
                if task.segment == 0:
                    self._find_culprits(task.chunk)
                    task = Task(task.chunk, 0, (), self.refused(task.chunk))
            else:
                return
        raise WorkersLost(
            "Workers end while they work, through no single file: is there enough memory? Try fewer "
            "--workers; the same command goes on from here."
        )

    def _find_culprits(self, chunk: int) -> None:
        self._workers.recover()
        for index in self._job.chunk(chunk):
            if index not in self._refused:
                try:
                    self._workers.submit(Probe(index)).result()
                except WorkerDied:
                    self._refused[index] = REASON
                    self._workers.recover()
        lines = (json.dumps(item) + "\n" for item in sorted(self._refused.items()))
        write_whole(self._file, "".join(lines).encode())
