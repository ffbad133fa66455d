"""Grain and noise: what is left of lightness in flat skin, robustly."""

from typing import Final

import numpy as np

from pipeline.appearance.bands import Plane
from pipeline.appearance.regions import Regions
from pipeline.appearance.sharpness import FEWEST, LEAST, Strengths

GRAINY: Final = 3
"""Octaves in which grain is looked for: the finest ones. Below them are wrinkles and light."""
TO_DEVIATION: Final = 1.4826
"""Median absolute deviation to standard deviation, of a normal distribution."""


def grain(parts: list[Plane], regions: Regions) -> Strengths:
    """Deviation of the ``GRAINY`` finest octaves in flat skin, in units of L; NaN where no skin is free.

    The median absolute deviation does not see the few strong edges (wrinkles, stubble, rims of glasses) that
    a root mean square would.
    """
    if np.count_nonzero(regions.skin) < FEWEST:
        return np.full(GRAINY, np.nan)
    return np.array(
        [max(TO_DEVIATION * float(np.median(np.abs(p[regions.skin]))), LEAST) for p in parts[:GRAINY]]
    )


def noise(parts: list[Plane], regions: Regions) -> float:
    """Deviation of the finest octave in flat skin, in units of L; NaN where no skin is free."""
    return float(grain(parts, regions)[0])
