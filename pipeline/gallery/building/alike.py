"""Who can share a face with whom, among all sources."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.gallery.blending.partners import (
    BEARDS,
    MOST_GAP,
    MOST_LIGHT,
    MOST_PITCH,
    MOST_SLACK_OF_AGE,
    MOST_YAW,
    MOST_YEARS,
    MOST_YEARS_OF_HAIR,
    Person,
    lends,
    suits,
)
from pipeline.gallery.blending.traits import Traits
from pipeline.gallery.building.labels import Labels
from pipeline.gallery.building.sources import Source
from pipeline.gallery.colouring.moves import natural

ENOUGH: Final = 12
"""People with whom somebody can share a face; where there are fewer, they need be less alike. Of four, every
face of one who gives the hair is made of the same four, and seldom another's than the one before."""
SLACKS: Final = (1.0, 1.25, 1.5, 1.75, 2.0)
SLACKS_OF_HAIR: Final = SLACKS[:3]
MIRRORED: Final = 0.5
"""How readily somebody is taken mirrored, beside 1 as they are."""


@dataclass(frozen=True)
class Taken:
    """Somebody who gives a part of a face.

    Attributes:
        source: their number.
        mirrored: whether their picture is.
    """

    source: int
    mirrored: bool = False


class Alike:
    """Finds who can share a face with somebody; once for each.

    Args:
        sources: of whom blends may be made.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = {source.number: source for source in sources}
        self._people = {source.number: person_of(known(source)) for source in sources}
        self._looks = {source.number: measures_of(source) for source in sources}
        self._mirrored = {number: looks.mirrored() for number, looks in self._looks.items()}
        self._numbers = np.array([source.number for source in sources])
        self._words = np.array([_words(person) for person in self._people.values()])
        self._bare = np.array([not person.glasses for person in self._people.values()])
        self._figures = np.array(
            [_figures(self._people[number], self._looks[number]) for number in self._numbers.tolist()]
        )
        self._givers = np.array([not source.no_hair for source in sources])
        self._kinds = {source.number: _kind(known(source)) for source in sources}
        self.of, self.lenders = cache(self._of), cache(self._lenders)

    def people(self, number: int) -> int:
        """How many can share a face with a source."""
        return len({taken.source for taken in self.of(number)[0]})

    def _of(self, number: int) -> tuple[list[Taken], npt.NDArray[np.float64]]:
        """Who can share a face with a source, and how likely each is drawn: (n,), of sum 1."""
        found, likely = _enough(self._within, number, SLACKS)
        return found, likely / likely.sum() if found else likely

    def _within(self, number: int, slack: float) -> tuple[list[Taken], npt.NDArray[np.float64]]:
        """Who can, and how well, with so much slack."""
        person, looks = self._people[number], self._looks[number]
        found, likes = [], []
        years = MOST_YEARS * min(slack, MOST_SLACK_OF_AGE)
        for other in self._perhaps(person, looks, slack, years, among=self._bare):
            for mirrored, others in ((False, self._looks[other]), (True, self._mirrored[other])):
                like = suits(person, looks, self._people[other], others, slack=slack)
                if other != number and like > 0:
                    found.append(Taken(other, mirrored))
                    likes.append(like * (MIRRORED if mirrored else 1.0))
        return found, np.array(likes)

    def _lenders(self, number: int) -> tuple[list[Taken], npt.NDArray[np.float64]]:
        """Whose hair and outline can be around a source's face, and how likely each is drawn: (n,), of sum 1.

        Each kind of hair is about as likely: what few have would come nowhere else.
        """
        found, likes = _enough(self._lending, number, SLACKS_OF_HAIR)
        kinds = Counter(self._kinds[taken.source] for taken in found)
        likely = likes / np.sqrt([kinds[self._kinds[taken.source]] for taken in found])
        return found, likely / likely.sum() if found else likely

    def _lending(self, number: int, slack: float) -> tuple[list[Taken], npt.NDArray[np.float64]]:
        """Who can, and how well, with so much slack."""
        person, looks = self._people[number], self._looks[number]
        found, likes = [], []
        for giver in self._perhaps(person, looks, slack, MOST_YEARS_OF_HAIR, among=self._givers):
            hair, _ = self._kinds[giver]
            if giver == number or not natural(hair, age=person.age, ethnicity=person.group):
                continue
            for mirrored in (False, True):
                taken = Taken(giver, mirrored)
                if (like := self.lends(taken, Taken(number), slack)) > 0:
                    found.append(taken)
                    likes.append(like * (MIRRORED if mirrored else 1.0))
        return found, np.array(likes)

    def lends(self, giver: Taken, lead: Taken, slack: float = SLACKS_OF_HAIR[-1]) -> float:
        """How well hair and outline of one suit the face of another, see ``partners.lends``."""
        looks, leads = (
            (self._mirrored if taken.mirrored else self._looks)[taken.source] for taken in (giver, lead)
        )
        return lends(self._people[giver.source], looks, self._people[lead.source], leads, slack=slack)

    def _perhaps(
        self,
        person: Person,
        looks: Traits,
        slack: float,
        years: float,
        among: npt.NDArray[np.bool_],
    ) -> list[int]:
        """Those among some of whom a quick look does not say already that they cannot."""
        most = np.array([years, MOST_YAW, MOST_PITCH, MOST_GAP, MOST_LIGHT * slack])
        figures = np.array(_figures(person, looks))
        # Mirrored, a head looks to the other side: of the yaw only the amount counts here.
        near = (np.abs(self._figures - figures) <= most).all(axis=1)
        alike = near & among & (self._words == _words(person)).all(axis=1)
        return [int(number) for number in self._numbers[alike]]


def person_of(labels: Labels) -> Person:
    """As blending knows people."""
    return Person(labels.sex, labels.ethnicity, labels.age, labels.beard, labels.glasses, labels.mouth)


def known(source: Source) -> Labels:
    """What a source shows."""
    if source.labels is None:
        raise ValueError(f"nothing is known of portrait {source.number}: it is no source")
    return source.labels


def measures_of(source: Source) -> Traits:
    """How a source looks."""
    if source.traits is None:
        raise ValueError(f"portrait {source.number} was not measured: it is no source")
    return source.traits


def _enough(
    within: Callable[[int, float], tuple[list[Taken], npt.NDArray[np.float64]]],
    number: int,
    slacks: Sequence[float],
) -> tuple[list[Taken], npt.NDArray[np.float64]]:
    """Who is found for a source with the least slack with which they are ``ENOUGH``, else with the most."""
    for slack in slacks:
        found, likes = within(number, slack)
        if len({taken.source for taken in found}) >= ENOUGH:
            break
    return found, likes


def _kind(labels: Labels) -> tuple[str, str]:
    """Colour of the hair, or "bald", and its length."""
    return "bald" if labels.baldness else labels.hair, labels.length


def _words(person: Person) -> tuple[str, str, str]:
    return person.sex, "beard" if person.beard in BEARDS else person.beard, person.mouth


def _figures(person: Person, looks: Traits) -> tuple[float, float, float, float, float]:
    return person.age, abs(looks.yaw), looks.pitch, looks.gap, float(looks.tone[0])
