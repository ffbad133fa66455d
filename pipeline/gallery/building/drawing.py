"""What a try is made of: its number and the seed say everything."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from pipeline.faces.head import Head
from pipeline.gallery.blending.anatomy import mirrored
from pipeline.gallery.blending.partners import BEARDS
from pipeline.gallery.blending.shares import Shares
from pipeline.gallery.building.alike import Alike, Taken, known
from pipeline.gallery.building.balance import Weights
from pipeline.gallery.building.sources import Source, Sources

MOST: Final = 4
"""Heads beside the one that gives the hair."""
FEWEST: Final = 2


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
        self._alike = Alike(sources.usable)

    @cached_property
    def givers(self) -> list[Source]:
        """Those who may give the hair: with enough others who are like them."""
        may = [source for source in self._sources.usable if not source.no_hair]
        return [source for source in may if self._alike.people(source.number) >= FEWEST]

    def draw(self, number: int, weights: Weights) -> Draw:
        """Draw a try.

        Args:
            number: the try's.
            weights: how likely each of ``givers`` gives the hair.
        """
        rng = np.random.default_rng([self._seed, number])
        giver = self.givers[int(rng.choice(len(weights), p=weights))]
        alike, likely = self._alike.of(giver.number)
        chosen: dict[int, Taken] = {}
        for place in rng.choice(len(alike), len(alike), replace=False, p=likely):
            chosen.setdefault(alike[place].source, alike[place])
        heads = (Taken(giver.number), *list(chosen.values())[:MOST])
        said = known(giver)
        shares = Shares.drawn(rng, [1.0] * len(heads), glasses=said.glasses, beard=said.beard in BEARDS)
        return Draw(heads, shares)

    def heads(self, draw: Draw) -> list[Head]:
        """The heads of a draw, those mirrored that are to be."""
        found = [self._sources.head(taken.source) for taken in draw.heads]
        return [
            mirrored(head) if taken.mirrored else head for head, taken in zip(found, draw.heads, strict=True)
        ]
