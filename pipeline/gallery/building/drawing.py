"""What a try is made of: its number and the seed say everything."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from pipeline.faces.head import Head
from pipeline.gallery.blending.anatomy import mirrored_landmarks
from pipeline.gallery.blending.partners import Person, suits
from pipeline.gallery.blending.shares import Shares
from pipeline.gallery.building.balance import Weights
from pipeline.gallery.building.labels import Labels
from pipeline.gallery.building.sources import Source, Sources

MOST: Final = 4
"""Heads beside the one that gives the hair."""
FEWEST: Final = 2
MIRRORED: Final = 0.5
"""How readily somebody is taken mirrored, beside 1 as they are."""


@dataclass(frozen=True)
class Taken:
    """Somebody who gives a part of a face.

    Attributes:
        source: their number.
        mirrored: whether their picture is.
    """

    source: int
    mirrored: bool = False


@dataclass(frozen=True)
class Draw:
    """Who gives what to a face.

    Attributes:
        heads: who gives the hair first.
        shares: what each gives.
    """

    heads: tuple[Taken, ...]
    shares: Shares


class Drawing:
    """Draws who is blended with whom.

    Args:
        sources: all of them.
        seed: of all tries.
    """

    def __init__(self, sources: Sources, seed: int) -> None:
        self._sources, self._seed = sources, seed
        self._alike = lru_cache(maxsize=None)(self._found_alike)

    def draw(self, number: int, weights: Weights) -> tuple[Source, Draw | None]:
        """Who gives the hair in a try, and the whole of it: None where too few are alike.

        Args:
            number: the try's.
            weights: how likely each of those who may gives the hair.
        """
        rng = np.random.default_rng([self._seed, number])
        giver = self._sources.givers[int(rng.choice(len(weights), p=weights))]
        alike, likely = self._alike(giver.number)
        chosen: list[Taken] = []
        for place in rng.choice(len(alike), len(alike), replace=False, p=likely) if alike else ():
            if all(alike[place].source != other.source for other in chosen):
                chosen.append(alike[place])
        if len(chosen) < FEWEST:
            return giver, None
        heads = (Taken(giver.number), *chosen[:MOST])
        return giver, Draw(heads, shared(len(heads), _labels(giver).glasses, rng))

    def heads(self, draw: Draw) -> list[Head]:
        """The heads of a draw, those mirrored that are to be."""
        found = [self._sources.head(taken.source) for taken in draw.heads]
        return [
            _mirrored(head) if taken.mirrored else head for head, taken in zip(found, draw.heads, strict=True)
        ]

    def _found_alike(self, number: int) -> tuple[list[Taken], np.ndarray]:
        giver = self._sources.all[number]
        person, looks = person_of(_labels(giver)), giver.traits
        found, likes = [], []
        for other in self._sources.usable:
            if other.number == number or other.traits is None or looks is None:
                continue
            for mirrored in (False, True):
                traits = other.traits.mirrored() if mirrored else other.traits
                like = suits(person, looks, person_of(_labels(other)), traits) * (
                    MIRRORED if mirrored else 1.0
                )
                if like > 0:
                    found.append(Taken(other.number, mirrored))
                    likes.append(like)
        likely = np.array(likes)
        return found, likely / max(likely.sum(), 1e-12)


def shared(heads: int, glasses: bool, rng: np.random.Generator) -> Shares:
    """Draw what each of the heads gives.

    The parts come from others than the one who gives the hair, who also has little of the shape.
    """
    hair = rng.uniform(0.0, 0.15)
    shape = np.concatenate([[hair], (1 - hair) * rng.dirichlet(np.full(heads - 1, 3.0))])
    eyes, nose, mouth, skin = (int(rng.integers(1, heads)) for _ in range(4))
    return Shares(tuple(shape.tolist()), 0 if glasses else eyes, nose, mouth, skin, glasses)


def person_of(labels: Labels) -> Person:
    """As blending knows people."""
    return Person(labels.sex, labels.ethnicity, labels.age, labels.beard, labels.glasses, labels.mouth)


def _labels(source: Source) -> Labels:
    if source.labels is None:
        raise ValueError(f"nothing is known of portrait {source.number}: it is no source")
    return source.labels


def _mirrored(head: Head) -> Head:
    image, alpha = np.ascontiguousarray(head.image[:, ::-1]), np.ascontiguousarray(head.alpha[:, ::-1])
    return Head(image, mirrored_landmarks(head.landmarks), alpha)
