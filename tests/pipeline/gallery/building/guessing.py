"""A build whose faces are directions drawn by number: everything about it but pictures."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipeline.faces.head import Head
from pipeline.gallery.building.building import balanced
from pipeline.gallery.building.coordinator import Progress, Tries
from pipeline.gallery.building.layout import Layout
from pipeline.gallery.building.outcomes import Made, Near, Outcome, write_outcomes
from pipeline.gallery.building.settings import Settings
from pipeline.gallery.building.sources import Source
from pipeline.gallery.building.tasks import Block
from pipeline.workers.workers import Workers
from tests.pipeline.gallery.building.people import somebody

PEOPLE: Final = [
    somebody(sex=sex, ethnicity=group) for sex in ("female", "male") for group in ("white", "black", "indian")
]
REFUSED: Final = "a portrait's face"


@dataclass(frozen=True)
class Guessing:
    """Makes a face of each try, of whom the weights say; four of ten are somebody.

    Attributes:
        layout: where.
        seed: of all tries.
    """

    layout: Layout
    seed: int

    @property
    def mark(self) -> Path:
        """See ``pipeline.workers``."""
        return self.layout.plan

    def run(self, task: Block) -> None:
        """Try a block."""
        chances = np.load(self.layout.weights(task.number))
        write_outcomes(
            self.layout.block(task.number), [self._outcome(number, chances) for number in task.tries]
        )

    def _outcome(self, number: int, chances: np.ndarray) -> Outcome:
        rng = np.random.default_rng([self.seed, number])
        giver = int(rng.choice(len(PEOPLE), p=chances))
        outcome = Outcome(number, giver, ((giver, 1.0),), PEOPLE[giver], near=Near(giver, 0.5))
        if rng.random() < 0.4:
            return outcome.refused(REFUSED)
        direction = rng.normal(size=1024).astype(np.float32)
        picture = rng.integers(0, 256, (8, 8, 3), np.uint8)
        head = Head(picture, np.zeros((468, 2), np.float32), np.ones((8, 8), np.float32))
        said = {"sex": {"value": "male", "confidence": 1.0}}
        return replace(outcome, made=Made(head, direction / np.linalg.norm(direction), said))


def begun(folder: Path) -> Layout:
    """A folder in which a build may begin."""
    layout = Layout(folder)
    layout.make()
    layout.plan.write_text("{}")
    return layout


def tried(layout: Layout, workers: Workers, count: int, report: Any = lambda faces, tries: None) -> Progress:
    """Go on until there are so many faces."""
    givers = [Source(number, str(number), labels) for number, labels in enumerate(PEOPLE)]
    return Tries(layout, Settings(count=count), workers, partial(balanced, givers), report).run()


def chosen(progress: Progress) -> list[tuple[int, int]]:
    """What came of it: number of the try, and who gave the hair, of each face."""
    return [(face.number, face.sources[0][0]) for face in progress.faces]
