"""Whose hair is given another colour: where few give the hair of it, every face would have the same."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from pipeline.gallery.building.balance import Weights, age_band
from pipeline.gallery.building.labels import Labels
from pipeline.gallery.building.targets import TARGETS
from pipeline.gallery.colouring import HairColour, moves

ENOUGH: Final = 24.0
"""So many who give hair of a colour, among people of one sex and age, as if all did so equally often."""
READILY: Final = 3.0
"""How likely hair takes a colour of which there is none, in the table's shares of it;"""
MOST: Final = 0.5
"""and at most that it takes any other."""


def lacking(givers: Sequence[Labels], weights: Weights, of: Labels) -> Mapping[str, float]:
    """How much each colour is missing among the hair that people of somebody's sex and age give, 0..1."""
    band = age_band(of.age)
    alike = np.array([one.sex == of.sex and age_band(one.age) == band for one in givers], bool)
    hair = np.array(["bald" if one.baldness else one.hair for one in givers])
    return {
        name: 1 - min(1.0, _as_many(weights[alike & (hair == name)]) / ENOUGH) for name in TARGETS["hair"]
    }


def _as_many(weights: Weights) -> float:
    """As many, drawn equally often, as these are, drawn so often (Kish 1965: the effective size)."""
    return float(weights.sum() ** 2 / np.square(weights).sum()) if weights.any() else 0.0


def other_colour(
    rng: np.random.Generator, giver: Labels, givers: Sequence[Labels], weights: Weights
) -> HairColour | None:
    """Draw another colour for somebody's hair; None where it stays.

    Args:
        givers: all who may give hair.
        weights: how likely each does.
    """
    may = () if giver.baldness else moves(giver.hair, age=giver.age, ethnicity=giver.ethnicity)
    lack = lacking(givers, weights, giver) if may else {}
    chances = np.array([READILY * TARGETS["hair"][name] * lack[name] for name in may])
    chances *= min(1.0, MOST / max(float(chances.sum()), 1e-9))
    which = int(np.searchsorted(np.cumsum(chances), rng.random(), side="right"))
    return HairColour.drawn(rng, may[which]) if which < len(may) else None
