"""What a try is made of: its number and the seed say everything."""

from dataclasses import dataclass, replace
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
LENT: Final = 0.7
"""How often the hair is somebody's who gives little else, where somebody can lend it: the same face with its
own hair soon is a face that there is."""
OF_GLASSES: Final = 1
"""Of a try's draws, those of glasses: their own stream."""


@dataclass(frozen=True)
class Draw:
    """Who gives what to a face.

    Attributes:
        lead: number of whose face it was drawn for: most of the others are like them.
        heads: who gives the hair first.
        shares: what each gives.
        glasses: put on the face; None where it stays as it is.
        hair: the colour that the hair is given; None where it stays as it is.
    """

    lead: int
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
    def leads(self) -> list[Source]:
        """Those for whose face others may be drawn: there are enough who are like them, and there is hair."""
        may = [source for source in self._sources.usable if self._alike.people(source.number) >= FEWEST]
        return [source for source in may if not source.no_hair or self._alike.lenders(source.number)[0]]

    @cached_property
    def _said(self) -> list[Labels]:
        """What is known of ``leads``."""
        return [known(lead) for lead in self.leads]

    @cached_property
    def _wearers(self) -> npt.NDArray[np.bool_]:
        """Which of ``leads`` wear glasses."""
        return np.array([said.glasses for said in self._said], bool)

    def draw(self, number: int, weights: Weights) -> Draw:
        """Draw a try.

        Args:
            number: the try's.
            weights: how likely each of ``leads`` is drawn.
        """
        rng = np.random.default_rng([self._seed, number])
        lead = self.leads[int(rng.choice(len(weights), p=weights))]
        heads = self._lent(lead, rng) or (Taken(lead.number), *self._partners(lead.number, rng)[:MOST])
        said = known(self._sources.all[heads[0].source])
        shares = Shares.drawn(rng, [1.0] * len(heads), glasses=said.glasses, beard=said.beard in BEARDS)
        aged = replace(said, age=known(lead).age, ethnicity=known(lead).ethnicity)
        colour = other_colour(rng, aged, self._said, weights)
        return Draw(lead.number, heads, shares, self._glasses(number, said, weights), colour)

    def _lent(self, lead: Source, rng: np.random.Generator) -> tuple[Taken, ...]:
        """Heads with somebody else's hair, whom all others suit; none where the lead has its own."""
        lenders, likely = self._alike.lenders(lead.number)
        if not lenders or (not lead.no_hair and rng.random() >= LENT):
            return ()
        giver = lenders[int(rng.choice(len(lenders), p=likely))]
        others = [one for one in self._partners(lead.number, rng) if one.source != giver.source]
        fit = [one for one in others if self._alike.lends(giver, one) > 0]
        # The lead alone would be whoever it is.
        return (giver, Taken(lead.number), *(fit or others)[: MOST - 1])

    def _partners(self, number: int, rng: np.random.Generator) -> list[Taken]:
        """Everybody who is like somebody, each once, in the order in which they are drawn."""
        alike, likely = self._alike.of(number)
        chosen: dict[int, Taken] = {}
        for place in rng.choice(len(alike), len(alike), replace=False, p=likely):
            chosen.setdefault(alike[place].source, alike[place])
        return list(chosen.values())

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
