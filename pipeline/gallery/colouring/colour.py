"""A colour that hair may have: one shade of many, as numbers."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from pipeline.gallery.colouring.shades import SHADES

JITTER: Final = np.array([2.5, 0.8, 0.8, 1.2, 0.02, 0.03])
"""Deviations by which a drawn shade differs from the table's, in the table's columns."""
EVENNESS: Final = (0.7, 1.0)
"""How much of the hair on the crown has turned, where it turns grey; at the temples all has."""


@dataclass(frozen=True)
class HairColour:
    """One shade.

    Attributes:
        name: black, brown, blond, red, grey.
        light, spread: mean of L*, and its deviation.
        a, b: mean of a* and b*.
        a_rise, b_rise: by how much a* and b* rise with L*.
        crown: how much of the hair on the crown has this colour, 0..1; the temples have it all.
    """

    name: str
    light: float
    spread: float
    a: float
    b: float
    a_rise: float
    b_rise: float
    crown: float = 1.0

    @classmethod
    def drawn(cls, rng: np.random.Generator, name: str) -> Self:
        """Draw a natural shade of this name.

        Raises:
            ValueError: there is no such colour.
        """
        if name not in SHADES:
            raise ValueError(f"{name!r} is no natural colour of hair: there are {', '.join(SHADES)}")
        table = np.array(SHADES[name])
        row = table[int(rng.integers(len(table)))] + rng.normal(0.0, 1.0, table.shape[1]) * JITTER
        crown = float(rng.uniform(*EVENNESS)) if name == "grey" else 1.0
        light, spread, a, b, a_rise, b_rise = (round(float(value), 3) for value in row)
        return cls(name, light, spread, a, b, a_rise, b_rise, round(crown, 3))
