"""The faces of a gallery blended with one another, by what the gallery says of them."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np

from pipeline.faces.head import Head
from pipeline.fillers import Description
from pipeline.gallery.blending import Person, Shares, Traits, blend, suits
from pipeline.gallery.errors import GalleryError
from pipeline.gallery.gallery import Gallery
from pipeline.gallery.measures import NAMES, measured

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
        gallery: with the measures of :mod:`pipeline.gallery.measures`.

    Raises:
        GalleryError: it was built without, so that nothing can be composed from it.
    """

    def __init__(self, gallery: Gallery) -> None:
        if gallery.about.measures != NAMES:
            raise GalleryError("it was built without the measures that composing needs; build it again")
        self._gallery = gallery
        self._known = lru_cache(KNOWN)(self._looked_up)

    def __call__(self, first: int, other: int) -> float:
        """How well the face at ``other`` can share one with that at ``first``, who gives the hair: 0..1."""
        person, traits = self._known(first)
        return suits(person, traits, *self._known(other))

    def _looked_up(self, place: int) -> tuple[Person, Traits]:
        said = self._gallery.descriptions(place)
        traits, age, beard = measured(self._gallery.table["measures"][place].tolist())
        group = _value(said, "ethnicity") or _value(said, "ethnic_appearance")
        sex, mouth = str(_value(said, "sex")), str(_value(said, "mouth"))
        return Person(sex, str(group), age, beard, _has(said, "glasses"), mouth), traits


def _value(said: Description, key: str) -> Any:
    return said[key]["value"] if key in said else None


def _has(said: Description, key: str) -> bool:
    return bool(_value(said, key))
