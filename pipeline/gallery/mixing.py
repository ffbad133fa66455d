"""The faces of a gallery blended with one another, by what the gallery says of them."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np

from pipeline.attributes.people import PEOPLE
from pipeline.faces.head import Head
from pipeline.fillers import Description
from pipeline.gallery.blending import Person, Shares, Traits, blend, suits, traits_of
from pipeline.gallery.gallery import Gallery
from pipeline.gallery.measures import NAMES, measured

#: Beards of galleries that do not say which kind.
NONE, SOME = "none", "full"
#: Faces that have been compared stay known, some kilobytes each.
KNOWN: Final = 8192


def mixed(heads: Sequence[Head], weights: Sequence[float], seed: int, /, *, donor: Description) -> Head:
    """Blend faces of a gallery, see :class:`pipeline.gallery.composing.Blend`.

    Raises:
        ValueError: one head alone.
    """
    rng = np.random.default_rng(seed)
    shares = Shares.drawn(rng, weights, glasses=_has(donor, "glasses"), beard=_has(donor, "beard"))
    return blend(heads, shares).head


class Suiting:
    """Says who of a gallery can share a face, as often as it is asked.

    Args:
        gallery: measured when it was made, else each face is when it is first asked for.
    """

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery
        self._kept = gallery.about.measures == NAMES
        self._known = lru_cache(KNOWN)(self._looked_up)

    def __call__(self, first: int, other: int) -> float:
        """How well the face at ``other`` can share one with that at ``first``, who gives the hair: 0..1."""
        person, traits = self._known(first)
        return suits(person, traits, *self._known(other))

    def _looked_up(self, place: int) -> tuple[Person, Traits]:
        said = self._gallery.descriptions(place)
        if self._kept:
            traits, age, beard = measured(self._gallery.table["measures"][place].tolist())
        else:
            traits, age = traits_of(self._gallery.head(place)), _years(_value(said, "age_group"))
            beard = SOME if _has(said, "beard") else NONE
        group = _value(said, "ethnicity") or _value(said, "ethnic_appearance")
        sex, mouth = str(_value(said, "sex")), str(_value(said, "mouth"))
        return Person(sex, str(group), age, beard, _has(said, "glasses"), mouth), traits


def _value(said: Description, key: str) -> Any:
    return said[key]["value"] if key in said else None


def _has(said: Description, key: str) -> bool:
    return bool(_value(said, key))


def _years(age_group: Any) -> float:
    """The middle of a class of ages; 35 where it is not known."""
    if age_group not in PEOPLE["age_group"]:
        return 35.0
    first, _, last = str(age_group).rstrip("+").partition("-")
    return (float(first) + float(last or 79)) / 2
