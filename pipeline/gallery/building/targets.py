"""Whom a gallery should show: shares of its faces by trait. Plain data; a build writes them into its plan."""

from typing import Final

TARGETS: Final[dict[str, dict[str, float]]] = {
    "sex": {"female": 0.5, "male": 0.5},
    "ethnicity": {
        "white": 0.40,
        "black": 0.17,
        "latino_hispanic": 0.13,
        "east_asian": 0.10,
        "southeast_asian": 0.06,
        "indian": 0.08,
        "middle_eastern": 0.06,
    },
    "age": {
        "under 20": 0.04,
        "20-29": 0.20,
        "30-39": 0.19,
        "40-49": 0.17,
        "50-59": 0.20,
        "60 and over": 0.20,
    },
    "hair": {
        "black": 0.36,
        "brown": 0.27,
        "blond": 0.10,
        "red": 0.03,
        "grey": 0.14,
        "bald": 0.09,
        "dyed": 0.01,
    },
    "hair_length": {"short": 0.58, "long": 0.42},
    "beard": {"none": 0.78, "some": 0.22},
    "glasses": {"no": 0.75, "yes": 0.25},
    "mouth": {"closed": 0.50, "smile": 0.49, "open": 0.01},
}
"""Trait -> value -> share of the gallery. Values that no source has leave their share to the others."""
