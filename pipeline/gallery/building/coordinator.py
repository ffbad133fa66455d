"""Blocks of tries side by side, and what came of them taken in order."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from pipeline.gallery.building.balance import Weights
from pipeline.gallery.building.layout import Layout
from pipeline.gallery.building.nobody import Crowd
from pipeline.gallery.building.outcomes import Outcome, read_outcomes
from pipeline.gallery.building.settings import AHEAD, TRIES, Settings
from pipeline.gallery.building.tasks import Block, Preparation
from pipeline.whole_files import writing
from pipeline.workers.workers import WorkerDied, Workers, WorkersLost

ATTEMPTS: Final = 3
TWIN: Final = "a face of the gallery already"
SPARE: Final = "not needed"


@dataclass
class Progress:
    """What has been taken in, block after block.

    Attributes:
        blocks: how many.
        outcomes: of all tries so far, without pictures.
        accepted: places in ``outcomes`` of the faces of the gallery.
    """

    blocks: int = 0
    outcomes: list[Outcome] = field(default_factory=list)
    accepted: list[int] = field(default_factory=list)

    @property
    def faces(self) -> list[Outcome]:
        """The faces of the gallery."""
        return [self.outcomes[place] for place in self.accepted]


def done(workers: Workers, tasks: Sequence[Preparation], report: Callable[[int], object]) -> None:
    """Have tasks done in any order.

    Args:
        report: told how many more are done.
    """
    crew, left = Crew(workers), deque(tasks)
    while left or crew.at_work:
        while left and len(crew.at_work) < 2 * workers.width:
            crew.start(left.popleft())
        report(crew.wait())


class Tries:
    """Goes on with tries until there are faces enough.

    What block b draws depends on the seed and on what came of the blocks up to b - ``AHEAD``, so that neither
    the number of workers nor an interruption changes a face.

    Args:
        balance: gives the weights of who gives the hair, from what came of tries.
        report: told of each block how many faces more there are, and of how many tries.
    """

    def __init__(
        self,
        layout: Layout,
        settings: Settings,
        workers: Workers,
        balance: Callable[[Sequence[Outcome]], Weights],
        report: Callable[[int, int], object],
    ) -> None:
        self._layout, self._settings, self._crew = layout, settings, Crew(workers)
        self._workers, self._balance, self._report = workers, balance, report
        self._crowd, self._started = Crowd(), 0
        self.progress = Progress()

    def run(self) -> Progress:
        """Try until the gallery is full, or as often as the settings allow."""
        blocks = -(-self._settings.count * self._settings.tries // TRIES)
        while self.progress.blocks < blocks and len(self.progress.accepted) < self._settings.count:
            self._start(min(blocks, self.progress.blocks + min(AHEAD, 2 * self._workers.width)))
            while not self._layout.block(self.progress.blocks).exists():
                self._crew.wait()
            self._take_in(self.progress.blocks)
        return self.progress

    def _start(self, limit: int) -> None:
        while self._started < limit:
            if not self._layout.block(self._started).exists():
                self._write_weights(self._started)
                self._crew.start(Block(self._started))
            self._started += 1

    def _write_weights(self, block: int) -> None:
        """The weights of a block: of all that was taken in ``AHEAD`` blocks before it, never of more."""
        known = max(0, block + 1 - AHEAD) * TRIES
        with writing(self._layout.weights(block)) as file:
            np.save(file, self._balance(self.progress.outcomes[:known]))

    def _take_in(self, block: int) -> None:
        before = len(self.progress.accepted)
        for outcome in read_outcomes(self._layout.block(block), pictures=False):
            self.progress.outcomes.append(self._admitted(outcome))
            if not self.progress.outcomes[-1].reason:
                self.progress.accepted.append(len(self.progress.outcomes) - 1)
        self.progress.blocks += 1
        self._report(len(self.progress.accepted) - before, len(self.progress.outcomes))

    def _admitted(self, outcome: Outcome) -> Outcome:
        if outcome.made is None:
            return outcome
        if len(self.progress.accepted) == self._settings.count:
            return outcome.refused(SPARE)
        twin = self._crowd.admits(outcome.made.embedding)
        return outcome.refused(TWIN) if twin is None else replace(outcome, twin=twin)


class Crew:
    """Workers, told again what to do when one of them ends in the middle of it."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self.at_work: dict[Future[None], object] = {}

    def start(self, task: object) -> None:
        """Have a task done."""
        self.at_work[self._workers.submit(task)] = task

    def wait(self) -> int:
        """Wait until some tasks are done; how many.

        Raises:
            WorkersLost: the same tasks end workers again and again.
        """
        for _ in range(ATTEMPTS):
            finished, _ = wait(self.at_work, return_when=FIRST_COMPLETED)
            if not any(isinstance(future.exception(), WorkerDied) for future in finished):
                for future in finished:
                    del self.at_work[future]
                    future.result()
                return len(finished)
            wait(self.at_work)
            left = list(self.at_work.values())
            self._workers.recover()
            self.at_work = {}
            for task in left:
                self.start(task)
        raise WorkersLost(
            "Workers end while they work: is there enough memory? Try fewer --workers; the same command goes "
            "on from here."
        )
