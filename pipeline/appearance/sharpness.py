"""How sharp a face is, by octave of spatial frequency."""

from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.appearance.bands import BANDS, Plane
from pipeline.appearance.regions import Mask, Regions

LEAST: Final = 0.02
"""In units of L: weaker octaves are rounding, and count as this."""
FEWEST: Final = 60
"""Pixels of a region from which strengths are measured; of fewer nothing is said."""

Strengths = npt.NDArray[np.float64]
"""Float (len(BANDS),): root mean square of each octave, in units of L (0..100); NaN where unknown."""


def strengths(parts: list[Plane], where: Mask) -> Strengths:
    """Of the octaves ``parts`` within ``where``."""
    if np.count_nonzero(where) < FEWEST:
        return np.full(len(BANDS), np.nan)
    return np.array([max(float(np.sqrt(np.mean(np.square(part[where])))), LEAST) for part in parts])


def sharpness(parts: list[Plane], regions: Regions) -> Strengths:
    """Of the face: eyes, brows, nose and lips, whose edges every face has."""
    return strengths(parts, regions.features)


def hair_sharpness(parts: list[Plane], regions: Regions) -> Strengths:
    """Of hair, ears and the head's outline against neither wall nor clothes."""
    return strengths(parts, regions.hair)
