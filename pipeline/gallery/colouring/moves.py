"""Which colour hair may be given, of whom: what nature does, and looked real in pictures."""

from collections.abc import Mapping
from typing import Final

MOVES: Final[Mapping[str, tuple[str, ...]]] = {
    "black": ("brown", "grey"),
    "brown": ("black", "grey"),
}
"""Colour -> colours it may become. From blond, grey and red hair to others there is no way: where hair is as
light as skin, it is not sure where the one ends; brown hair made red was never read as red (20 faces),
and made blond it looked bleached."""
GREY: Final = "grey"
GREY_FROM: Final = 40.0
"""Years."""
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "brown": ("white", "latino_hispanic", "middle_eastern", "indian"),
}
"""Colours that not everybody's hair has by nature: whose has."""

BRIGHT: Final = frozenset({"blond", "red"})
OF_BRIGHT: Final = frozenset({"white", "latino_hispanic", "middle_eastern"})
"""Groups of whom some have bright hair by nature."""


def natural(hair: str, *, age: float, ethnicity: str) -> bool:
    """Whether somebody may have hair of a colour without making people wonder.

    Args:
        hair: a colour, or "bald".
        age: years.
        ethnicity: one of FairFace's seven.
    """
    if hair == GREY:
        return age >= GREY_FROM
    return hair not in BRIGHT or ethnicity in OF_BRIGHT


def moves(hair: str, *, age: float, ethnicity: str) -> tuple[str, ...]:
    """The colours that somebody's hair may be given; none where it had better stay, bald heads' and dyed.

    Args:
        hair: what it is.
        age: years.
        ethnicity: one of FairFace's seven.
    """
    return tuple(
        name
        for name in MOVES.get(hair, ())
        if (name != GREY or age >= GREY_FROM) and ethnicity in GROUPS.get(name, (ethnicity,))
    )
