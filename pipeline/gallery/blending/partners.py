"""Who may be mixed with whom."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.gallery.blending.traits import JAW, Traits

MOST_YEARS: Final = 12
MOST_YAW: Final = 8.0
MOST_PITCH: Final = 10.0
MOST_GAP: Final = 0.07
# CIELAB: beyond these a complexion would have to be moved so far that it looks grey or painted.
MOST_LIGHT: Final = 18.0
MOST_TINT: Final = 12.0
MOST_SHADING: Final = 9.5
"""Root mean square of differences in L* over the face, tones apart: light from elsewhere, a beard."""
MOST_COVERED: Final = 0.2
"""Of the other's skin above the brows: more hair would be mixed in. The donor's own stays as it is."""
BEARDS: Final = frozenset({"stubble", "moustache", "goatee", "full"})
MOST_JAW: Final = 12.5
"""The same over the lower face, where beards differ."""
MOST_BLUSH: Final = 6.5
"""The same of a* and b* together: red noses, blue chins, light of two colours."""
MOST_BLUR: Final = 2.2
"""Detail may be so many times as strong."""
MOST_BROWS: Final = 14.0
"""Brows may be so much darker or lighter against the skin, in L*: they belong to the hair."""
MOST_SLACK_OF_AGE: Final = 1.5
OTHER_BEARD: Final = 0.3
"""How readily somebody with a beard of another kind is taken; it has to be as dark, place by place."""
NEIGHBOURS: Final[Mapping[tuple[str, str], float]] = {
    ("white", "latino_hispanic"): 0.06, ("white", "middle_eastern"): 0.15,
    ("latino_hispanic", "white"): 0.06, ("latino_hispanic", "middle_eastern"): 0.4,
    ("latino_hispanic", "indian"): 0.15,
    ("middle_eastern", "white"): 0.025, ("middle_eastern", "latino_hispanic"): 0.15,
    ("middle_eastern", "indian"): 0.25,
    ("indian", "latino_hispanic"): 0.12, ("indian", "middle_eastern"): 0.3, ("indian", "black"): 0.03,
    ("east_asian", "southeast_asian"): 0.7, ("southeast_asian", "east_asian"): 0.7,
}  # fmt: skip
"""How readily somebody of another group is taken, beside 1 for the same."""
MOST_YEARS_OF_HAIR: Final = 30.0
"""Hair, ears and neck may be so many years older or younger than the face."""
TO_MEN: Final = 0.1
"""How readily women lend hair to men, beside 1 within one sex: few men have long hair. Men's is cut too short
for women."""
COILED: Final = frozenset({"black"})
"""Groups whose hair is of another kind than everybody else's."""


@dataclass(frozen=True)
class Person:
    """What is known of whoever a head shows.

    Attributes:
        sex, group: words of the labels.
        age: years.
        beard: "none", or which kind: one of ``BEARDS``.
        glasses: whether there are any.
        mouth: closed, smile or open.
    """

    sex: str
    group: str
    age: float
    beard: str
    glasses: bool
    mouth: str


def suits(donor: Person, looks: Traits, other: Person, others: Traits, *, slack: float = 1.0) -> float:
    """How well another head can share a face with the donor: 0 (not at all) to 1.

    Args:
        looks: the donor's measures.
        others: the other's, mirrored where it is to be used mirrored.
        slack: times the limits of age, tone, light, sharpness and brows, for people of whom there are few.
    """
    both, bearded = {donor.beard, other.beard}, donor.beard in BEARDS
    if other.sex != donor.sex or other.glasses or other.mouth != donor.mouth:
        return 0.0
    if others.covered > MOST_COVERED or not (len(both) == 1 or both <= BEARDS):
        return 0.0
    likes = 1.0 if other.group == donor.group else NEIGHBOURS.get((donor.group, other.group), 0.0)
    likes *= 1.0 if other.beard == donor.beard else OTHER_BEARD
    light, *tint = np.abs(others.tone - looks.tone)
    distances = np.array(
        [
            abs(others.yaw - looks.yaw) / MOST_YAW,
            abs(others.pitch - looks.pitch) / MOST_PITCH,
            abs(others.gap - looks.gap) / MOST_GAP,
            _apart(looks.shading[JAW, :1], others.shading[JAW, :1]) / MOST_JAW / (1 if bearded else slack),
            _apart(looks.shading[:, 1:], others.shading[:, 1:]) / MOST_BLUSH / slack,
            abs(other.age - donor.age) / MOST_YEARS / min(slack, MOST_SLACK_OF_AGE),
            light / MOST_LIGHT / slack,
            float(np.linalg.norm(tint)) / MOST_TINT / slack,
            shading(looks, others) / MOST_SHADING / slack,
            abs(others.brows - looks.brows) / MOST_BROWS / slack,
            abs(np.log(others.sharpness / looks.sharpness)) / np.log(MOST_BLUR) / slack,
        ]
    )
    if distances.max() > 1:
        return 0.0
    return float(likes * np.exp(-np.square(distances).sum() / 2))


def lends(giver: Person, looks: Traits, lead: Person, leads: Traits, *, slack: float = 1.0) -> float:
    """How well hair and outline of one suit the face of another: 0 (not at all) to 1.

    Hair says less of age and group than a face does: of whoever lends it, both may be others.

    Args:
        looks: the giver's measures, mirrored where it is to be used mirrored.
        lead: whose face it is; the complexion will be the giver's.
    """
    years = abs(giver.age - lead.age)
    if years > MOST_YEARS_OF_HAIR or (giver.group in COILED) != (lead.group in COILED):
        return 0.0
    to_man = (giver.sex, lead.sex) == ("female", "male")
    sex = lead.sex if to_man else giver.sex
    likes = suits(replace(giver, age=lead.age, group=lead.group, sex=sex), looks, lead, leads, slack=slack)
    return likes * (TO_MEN if to_man else 1.0) * float(np.exp(-np.square(years / MOST_YEARS_OF_HAIR) / 2))


def shading(one: Traits, two: Traits) -> float:
    """How differently two faces are lit (and shaved): L*, the places that differ most left out."""
    difference = np.sort(np.square(one.shading[:, 0] - two.shading[:, 0]))
    return float(np.sqrt(difference[: round(0.9 * len(difference))].mean()))


def _apart(one: npt.NDArray[np.float64], two: npt.NDArray[np.float64]) -> float:
    """Root mean square, over places, of how far colours are apart."""
    return float(np.sqrt(np.square(one - two).sum(axis=1).mean()))
