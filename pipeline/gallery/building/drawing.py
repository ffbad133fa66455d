"""What a try is made of: its number and the seed say everything."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.faces.head import Head
from pipeline.gallery.blending.anatomy import mirrored
from pipeline.gallery.blending.partners import BEARDS
from pipeline.gallery.blending.shares import Shares
from pipeline.gallery.building.alike import Alike, Taken, known
from pipeline.gallery.building.balance import Weights, put_on
from pipeline.gallery.building.hair import other_colour
from pipeline.gallery.building.labels import Labels
from pipeline.gallery.building.sources import Source, Sources
from pipeline.gallery.colouring import HairColour
from pipeline.gallery.wearing import Glasses

MOST: Final = 4
"""Heads beside the one that gives the hair."""
FEWEST: Final = 2
OF_GLASSES: Final = 1
"""Of a try's draws, those of glasses: their own stream."""


@dataclass(frozen=True)
class Draw:
    """Who gives what to a face.

    Attributes:
        heads: who gives the hair first.
        shares: what each gives.
        glasses: put on the face; None where it stays as it is.
        hair: the colour that the hair is given; None where it stays as it is.
    """

    heads: tuple[Taken, ...]
    shares: Shares
    glasses: Glasses | None = None
    hair: HairColour | None = None


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

    @cached_property
    def _said(self) -> list[Labels]:
        """What is known of ``givers``."""
        return [known(giver) for giver in self.givers]

    @cached_property
    def _wearers(self) -> npt.NDArray[np.bool_]:
        """Which of ``givers`` wear glasses."""
        return np.array([said.glasses for said in self._said], bool)

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
        return Draw(
            heads, shares, self._glasses(number, said, weights), other_colour(rng, said, self._said, weights)
        )

    def _glasses(self, number: int, said: Labels, weights: Weights) -> Glasses | None:
        """A pair for some of those who wear none, drawn apart from the rest of the try."""
        rng = np.random.default_rng([self._seed, number, OF_GLASSES])
        wearers = float(weights[self._wearers].sum())
        if said.glasses or rng.random() >= put_on(wearers):
            return None
        return Glasses.drawn(rng, said.sex)

    def heads(self, draw: Draw) -> list[Head]:
        """The heads of a draw, those mirrored that are to be."""
        found = [self._sources.head(taken.source) for taken in draw.heads]
        return [
            mirrored(head) if taken.mirrored else head for head, taken in zip(found, draw.heads, strict=True)
        ]
