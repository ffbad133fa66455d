"""What every worker of a build knows, and the work itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from pipeline.gallery.building.layout import Layout
from pipeline.gallery.building.outcomes import write_outcomes
from pipeline.gallery.building.portraits import Portrait
from pipeline.gallery.building.preparing import Preparer
from pipeline.gallery.building.settings import Settings
from pipeline.gallery.building.sources import Sources, write_sources
from pipeline.gallery.building.tasks import Block, Preparation
from pipeline.gallery.building.trying import Trying

PART: Final = 16
"""Portraits that a worker prepares at a time."""


@dataclass(frozen=True)
class Job:
    """A build as its workers see it; picklable. Tasks are done from file to file.

    Attributes:
        portraits: all of them.
        settings: of the gallery.
        layout: the folder, the same one on every machine.
    """

    portraits: Sequence[Portrait]
    settings: Settings
    layout: Layout

    @property
    def mark(self) -> Path:
        """See ``pipeline.workers``."""
        return self.layout.plan

    @property
    def parts(self) -> int:
        """How many parts of portraits there are to prepare."""
        return -(-len(self.portraits) // PART)

    def portraits_of(self, part: int) -> range:
        """The numbers of a part's portraits."""
        return range(part * PART, min((part + 1) * PART, len(self.portraits)))

    def run(self, task: Preparation | Block) -> None:
        """Do one task. What is written depends on the job and the task alone."""
        if isinstance(task, Preparation):
            sources = [
                self._preparer.source(one, self.portraits[one]) for one in self.portraits_of(task.part)
            ]
            write_sources(self.layout, task.part, sources)
        else:
            weights = np.load(self.layout.weights(task.number), allow_pickle=False)
            outcomes = [self._trying.outcome(number, weights) for number in task.tries]
            write_outcomes(self.layout.block(task.number), outcomes)

    @cached_property
    def _preparer(self) -> Preparer:
        return Preparer(self.settings)

    @cached_property
    def _trying(self) -> Trying:
        return Trying(Sources(self.layout, self.parts), self.settings)

    def __getstate__(self) -> dict[str, object]:
        """What travels: not what a worker has made of it."""
        return {"portraits": self.portraits, "settings": self.settings, "layout": self.layout}
