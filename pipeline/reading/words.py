"""The keys and values in which a photograph is described, and ages as groups."""

from typing import Final

import numpy as np

from pipeline.attributes.labels import AGES
from pipeline.attributes.people import PEOPLE

YOUNGEST: Final = (0, 3, 10, 20, 30, 40, 50, 60, 70)
"""The first year of each of ``AGES``."""
AGE: Final = "age_group"
HAIR: Final = "hair"
BALDNESS: Final = "baldness"
BALD: Final = "bald"
"""What is said of hair where there is none."""
VALUES: Final = PEOPLE
"""Keys with their values, in the order in which a description is shown. Ages are read as years."""


def age_group(years: float) -> str:
    """The group of an age."""
    return AGES[max(int(np.searchsorted(YOUNGEST, years, side="right")) - 1, 0)]
