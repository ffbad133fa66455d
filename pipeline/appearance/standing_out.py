"""Does the suspect stand out? A check of appearance: in what one picture differs from those beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipeline.appearance.look import ASPECTS, Look
from pipeline.appearance.oddity import Values, oddity, oddity_of_identity, ranks

IDENTITY: Final = "identity"
PHOTOGRAPH: Final = "photograph"
"""The aspect that a classifier adds: how much like a photograph, rather than like a blend, a picture is."""
WORDS: Final = {
    IDENTITY: "the face itself",
    "skin": "the tone of skin",
    "hair": "hair",
    "wall": "the wall",
    "brightness": "brightness and contrast",
    "colour": "colour",
    "sharpness": "sharpness",
    "noise": "noise",
    "compression": "traces of compression",
    "head_size": "the size of the head",
    "eye_line": "the height of the eyes",
    "expression": "expression",
    PHOTOGRAPH: "traces of a photograph",
}
"""What an aspect is called in a sentence."""
PLAIN: Final = 2.0
"""From this distance on a difference is plain to see; below it somebody has to be the first."""


@dataclass(frozen=True, eq=False)
class Member:
    """What the check knows of one picture.

    Attributes:
        look: of the picture as the witness will see it.
        embedding: float (d,), of faceres; None where identity is not compared.
        photograph: a classifier's logit that this is a photograph; None without a classifier.
    """

    look: Look
    embedding: npt.NDArray[np.float32] | None = None
    photograph: float | None = None


@dataclass(frozen=True)
class Aspect:
    """The suspect in one aspect.

    Attributes:
        name: of ``WORDS``.
        distances: of every member from the others, in units of the usual spread.
        rank: of the suspect: 1 is the oddest.
    """

    name: str
    distances: tuple[float, ...]
    rank: int


@dataclass(frozen=True)
class StandingOut:
    """What the check found.

    Attributes:
        suspect: his place among the members, from 0.
        aspects: each by itself.
        combined: of every member, over all aspects.
        rank: of the suspect in ``combined``.
    """

    suspect: int
    aspects: tuple[Aspect, ...]
    combined: tuple[float, ...]
    rank: int

    @property
    def size(self) -> int:
        """Members."""
        return len(self.combined)

    @property
    def foremost(self) -> Aspect:
        """The aspect in which the suspect is furthest from the others."""
        return max(self.aspects, key=lambda aspect: aspect.distances[self.suspect])

    @property
    def plainly(self) -> tuple[str, ...]:
        """Aspects in which he is the oddest, and plainly so."""
        return tuple(a.name for a in self.aspects if a.rank == 1 and a.distances[self.suspect] >= PLAIN)

    @property
    def sentence(self) -> str:
        """The finding in plain words."""
        most = self.foremost
        overall = f"overall {ordinal(self.rank)} of {self.size}"
        if most.distances[self.suspect] < PLAIN and self.rank > 1:
            return f"The suspect's picture differs plainly in nothing; {overall}."
        said = f"The suspect's picture differs most in {WORDS[most.name]}"
        return f"{said}: {ordinal(most.rank)} of {self.size} there, {overall}."

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "check": "appearance",
            "suspect": self.suspect,
            "size": self.size,
            "rank": self.rank,
            "combined": [round(value, 3) for value in self.combined],
            "aspects": {
                a.name: {"rank": a.rank, "distances": [round(value, 3) for value in a.distances]}
                for a in self.aspects
            },
            "plainly": list(self.plainly),
            "sentence": self.sentence,
        }


def standing_out(members: Sequence[Member], suspect: int) -> StandingOut:
    """Compare every member with the rest, and say where the suspect stands.

    Args:
        suspect: his place among ``members``, from 0.

    Raises:
        ValueError: there are fewer than three members, or none at ``suspect``.
    """
    if len(members) < 3:
        raise ValueError(
            f"Whether one of {len(members)} stands out cannot be said; at least three are needed."
        )
    if not 0 <= suspect < len(members):
        raise ValueError(f"The suspect is said to be at {suspect}, of {len(members)} members.")
    found = distances(members)
    combined = np.sqrt(np.mean(np.square(list(found.values())), axis=0))
    return StandingOut(
        suspect,
        tuple(Aspect(name, _plain(values), int(ranks(values)[suspect])) for name, values in found.items()),
        _plain(combined),
        int(ranks(combined)[suspect]),
    )


def distances(members: Sequence[Member]) -> dict[str, Values]:
    """Aspect -> leave-one-out distance of every member, float (n,)."""
    found = {name: oddity(np.stack([m.look.aspects[name] for m in members])) for name in ASPECTS}
    embeddings = [m.embedding for m in members if m.embedding is not None]
    if len(embeddings) == len(members):
        found = {IDENTITY: oddity_of_identity(np.stack(embeddings).astype(np.float64)), **found}
    logits = [m.photograph for m in members if m.photograph is not None]
    if len(logits) == len(members):
        found[PHOTOGRAPH] = oddity(np.array(logits, np.float64)[:, None])
    return found


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, …"""
    if 10 < number % 100 < 14:
        return f"{number}th"
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd'}).get(number % 10, 'th')}"


def _plain(values: Values) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
