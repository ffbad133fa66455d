"""The keys and values in which a photograph is described, and ages as groups."""

from typing import Final

import numpy as np

from pipeline.attributes.labels import AGES

Value = str | bool
YOUNGEST: Final = (0, 3, 10, 20, 30, 40, 50, 60, 70)
"""The first year of each of ``AGES``."""
AGE: Final = "age_group"
HAIR: Final = "hair"
#: Keys with their values, in the order in which a description is shown. Ages are read as years.
VALUES: Final[dict[str, tuple[Value, ...]]] = {
    "sex": ("female", "male"),
    AGE: AGES,
    "ethnicity": (
        "white",
        "black",
        "latino_hispanic",
        "east_asian",
        "southeast_asian",
        "indian",
        "middle_eastern",
    ),
    # White: white, Latin American and Middle Eastern; South Asian: Indian; East Asian: also of the Southeast.
    "ethnic_appearance": ("white", "black", "south_asian", "east_asian"),
    HAIR: ("black", "brown", "blond", "red", "grey", "bald", "dyed"),
    # Short: none, short or tied up.
    "hair_length": ("short", "long"),
    "beard": (False, True),
    "glasses": (False, True),
    "baldness": (False, True),
    "mouth": ("closed", "smile", "open"),
}


def age_group(years: float) -> str:
    """The group of an age."""
    return AGES[max(int(np.searchsorted(YOUNGEST, years, side="right")) - 1, 0)]
