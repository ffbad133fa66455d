"""Who of a gallery's faces go with one another in a new one."""

from functools import lru_cache
from typing import Any, Final, Protocol

from pipeline.fillers import Description
from pipeline.gallery.blending import Person, Traits, lends, suits
from pipeline.gallery.colouring.moves import natural
from pipeline.gallery.errors import GalleryError
from pipeline.gallery.gallery import Gallery
from pipeline.gallery.measures import NAMES, measured

#: Faces that have been compared stay known, some kilobytes each.
KNOWN: Final = 8192
#: Of the limits of light, tone and sharpness for whoever lends hair: people of few groups look alike in all.
SLACK_OF_HAIR: Final = 1.25


class Kinship(Protocol):
    """Says who goes with whom, by their places in the gallery."""

    def suits(self, first: int, other: int) -> float:
        """How well ``other`` can share a face with ``first``, who gives the hair: 0..1."""
        ...

    def lends(self, giver: int, lead: int) -> float:
        """How well hair and outline of ``giver`` can be around the face of ``lead``: 0..1."""
        ...


class MeasuredKinship:
    """By what the gallery says and has measured of its faces.

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

    def suits(self, first: int, other: int) -> float:
        """See ``Kinship``."""
        (person, looks, _), (others, their, _) = self._known(first), self._known(other)
        return suits(person, looks, others, their)

    def lends(self, giver: int, lead: int) -> float:
        """See ``Kinship``; nobody is given hair that they would not have by nature."""
        (person, looks, hair), (leads, their, _) = self._known(giver), self._known(lead)
        if not natural(hair, age=leads.age, ethnicity=leads.group):
            return 0.0
        return lends(person, looks, leads, their, slack=SLACK_OF_HAIR)

    def _looked_up(self, place: int) -> tuple[Person, Traits, str]:
        said = self._gallery.descriptions(place)
        traits, age, beard = measured(self._gallery.table["measures"][place].tolist())
        group = _value(said, "ethnicity") or _value(said, "ethnic_appearance")
        sex, mouth = str(_value(said, "sex")), str(_value(said, "mouth"))
        person = Person(sex, str(group), age, beard, bool(_value(said, "glasses")), mouth)
        return person, traits, str(_value(said, "hair"))


def _value(said: Description, key: str) -> Any:
    return said[key]["value"] if key in said else None
