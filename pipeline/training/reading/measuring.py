"""How often a reader is right, for whom, and what it takes for what; unknown counts as wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.attributes import Reliability, Share
from pipeline.reading import VALUES, Read
from pipeline.reading.words import AGE
from pipeline.training.reading.labels import Person, Value

GROUPS: Final = ("sex", "age_group", "ethnicity")
UNKNOWN: Final = "unknown"
FEWEST_REAL: Final = 50
"""Photographs of real people; with fewer, pictures of nobody are counted too."""


@dataclass(frozen=True, eq=False)
class Judged:
    """One key of n people.

    Attributes:
        key: of a description.
        truth: what the labels say.
        found: what was read; None: unknown.
    """

    key: str
    truth: Sequence[Value]
    found: Sequence[Value | None]

    @property
    def right(self) -> np.ndarray:
        """bool (n,)."""
        return np.array([a == b for a, b in zip(self.truth, self.found, strict=True)])

    @property
    def said(self) -> np.ndarray:
        """bool (n,): not unknown."""
        return np.array([value is not None for value in self.found])

    @property
    def near(self) -> float | None:
        """Of age groups, the share that is right or in a neighbouring group."""
        if self.key != AGE:
            return None
        places = VALUES[AGE].index
        pairs = zip(self.truth, self.found, strict=True)
        return float(np.mean([b is not None and abs(places(a) - places(b)) <= 1 for a, b in pairs]))

    def confusion(self) -> dict[str, dict[str, int]]:
        """Truth → what was read → people; only what occurs."""
        table: dict[str, dict[str, int]] = {}
        for a, b in zip(self.truth, self.found, strict=True):
            row = table.setdefault(str(a), {})
            word = UNKNOWN if b is None else str(b)
            row[word] = row.get(word, 0) + 1
        return {str(value): table[str(value)] for value in VALUES[self.key] if str(value) in table}

    def by_group(self, people: Sequence[Person]) -> dict[str, dict[str, Share]]:
        """Kind of group → group → how often its people are read rightly."""
        right, found = self.right, {}
        for kind in GROUPS:
            members = np.array([str(person.traits[kind]) for person in people])
            names = [str(name) for name in VALUES[kind] if str(name) in members]
            found[kind] = {
                name: Share(round(float(right[members == name].mean()), 4), int((members == name).sum()))
                for name in names
            }
        return found


def judged(people: Sequence[Person], reads: Sequence[Read]) -> dict[str, Judged]:
    """Every key of people and what was read of them."""
    keys = reads[0].description.findings
    return {
        key: Judged(
            key,
            [person.traits[key] for person in people],
            [read.description[key].value for read in reads],
        )
        for key in keys
    }


def reliability_of(people: Sequence[Person], reads: Sequence[Read]) -> dict[str, Reliability]:
    """What is to be said beside every reading: of photographs of real people alone, where there are some."""
    real = [i for i, person in enumerate(people) if person.real]
    rows = real if len(real) >= FEWEST_REAL else list(range(len(people)))
    people = [people[i] for i in rows]
    what = "photographs of real people" if rows == real else "portraits"
    return {
        key: Reliability(
            accuracy=round(float(one.right.mean()), 4),
            n=len(people),
            measured_on=f"{len(people)} {what} that nothing learned from",
            real_people=rows == real,
            near=None if one.near is None else round(one.near, 4),
            by_group=one.by_group(people),
        )
        for key, one in judged(people, [reads[i] for i in rows]).items()
    }
