"""A gallery as a source of the search: its own faces first, then new ones composed between them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipeline.fillers import Composition, Description, Limits, PageRequest, Reason, Step, SyntheticFace
from pipeline.fillers.locks import value_of
from pipeline.gallery.about import EACH_OTHER
from pipeline.gallery.changing import Changeable
from pipeline.gallery.composing import SEEDS, Composer
from pipeline.gallery.flaws import LEAST_RANK
from pipeline.gallery.identities import Identities
from pipeline.gallery.kinship import Kinship
from pipeline.gallery.parents import LENT, Parents, keeping

#: Faces of the gallery that are shown to the search for each that is wanted: few are turned down.
EXCESS: Final = 2
#: Faces that are composed at a time, for each that is missing; at least ``LEAST``.
FURTHER: Final = 1.5
LEAST: Final = 8
MOST: Final = 16
#: Where fewer faces keep the locks, they say nothing of who is a stranger: all faces do.
LEAST_CROWD: Final = 48
CROWD: Final = 4096
#: Share of those who keep the locks, the most alike, between whom faces are composed at distance 0.
NEAR: Final = 0.25
LEAST_FIRSTS: Final = 8
#: What it costs each time that somebody's hair has been on the page before, in similarity: the same hair
#: twice tells who was made.
REPEATED: Final = 0.15
#: What a difference from the suspect in what nobody locked costs, in similarity, where faces are ordered.
PREFERRED: Final = {"mouth": 0.08, "hair_length": 0.06, "hair": 0.04}


@dataclass(frozen=True, eq=False)
class Wanted:
    """Whom faces are to be like.

    Attributes:
        request: the page.
        suspect: what is known of the suspect: faces alike in it come first, where nothing is locked.
        towards: float32 (d,), unit length: who is to come first instead of whoever is most like the suspect;
            None: the most like the suspect.
    """

    request: PageRequest
    suspect: Description = field(default_factory=dict)
    towards: npt.NDArray[np.float32] | None = None


class GallerySource:
    """Faces of a gallery, and between them, for one page.

    What is composed is checked as every candidate is, and against all faces of the gallery besides: it is
    nobody who is in it. All faces of a page keep the locks: those of the gallery as it says, composed ones by
    their members and by what is read of them.

    Args:
        composer: of the gallery.
        identities: who its faces are.
        kinship: who can share a face.
        wanted: the page.
    """

    least_realism = LEAST_RANK

    def __init__(self, composer: Composer, identities: Identities, kinship: Kinship, wanted: Wanted) -> None:
        self._composer, self._gallery, self._identities = composer, composer.gallery, identities
        self._kinship, self._wanted, self._locks = kinship, wanted, wanted.request.locks
        self._tried = 0

    def limits(self, reference: np.ndarray, /) -> Limits:
        """The band among the gallery's faces that keep the locks: a stranger is less alike than those."""
        about = self._gallery.about
        places = self._kept
        if len(places) < LEAST_CROWD:
            places = np.unique(np.linspace(0, len(self._gallery) - 1, CROWD).astype(np.intp))
        crowd = self._identities.similarities(reference, places)
        return Limits.among(crowd, stranger_share=about.stranger_share, same_person=about.same_person)

    def first_radius(self, request: PageRequest) -> float:
        """Share of those who keep the locks between whom faces are composed."""
        return NEAR + (1.0 - NEAR) * request.distance

    def amount(self, number: int, *, count: int, missing: int) -> int:
        """Faces of the gallery cost next to nothing, composed ones a tenth of a second."""
        if number == 0:
            return EXCESS * count
        return min(MOST, max(LEAST, round(FURTHER * missing)))

    def draw(
        self, count: int, *, radius: float, seed: Sequence[int], reference: np.ndarray, step: Step
    ) -> list[SyntheticFace]:
        """In the first round faces of the gallery, then such as keep the locks once something is changed of
        them, and composed ones."""
        if seed[-1] == 0:
            return self._own(count, reference, step)
        random = np.random.default_rng(seed)
        changed = self._changed(count, reference, random)
        blended = self._blended(count - len(changed), radius, reference, random)
        return [
            SyntheticFace(head.image, composition, identity, float(identity @ reference), head=head)
            for composition, head, identity in self._composer.compose([*changed, *blended], step)
        ]

    def preference(self, faces: Sequence[SyntheticFace], /) -> np.ndarray:
        """Less for another expression or length of hair than the suspect's; of a face that is moved towards
        somebody, how much more it is like them than like the suspect."""
        said = [face.description or self._composer.followed(_composition(face)) for face in faces]
        liked = np.array([-self._unlike(one) for one in said], np.float64)
        if self._wanted.towards is not None:
            liked += [float(face.identity @ self._wanted.towards) - face.similarity for face in faces]
        similarity = np.array([face.similarity for face in faces])
        firsts = np.array([_composition(face).members[0] for face in faces], np.intp)
        return np.asarray(liked - self._again(firsts, similarity + liked))

    def refused(self, faces: Sequence[SyntheticFace], /) -> list[Reason | None]:
        """Copies: blended faces who are somebody of the gallery. One of whom hair or glasses were changed is
        nobody but that one."""
        composed = [i for i, face in enumerate(faces) if _composition(face).is_blended]
        reasons: list[Reason | None] = [None] * len(faces)
        if composed:
            nearest = self._identities.nearest(np.stack([faces[i].identity for i in composed]))
            for i, near in zip(composed, nearest, strict=True):
                reasons[i] = Reason.COPY if near >= EACH_OTHER else None
        return reasons

    def realism(self, faces: Sequence[SyntheticFace], /) -> list[float | None]:
        """Of composed and changed faces, how few good ones look more spoilt; what is in the gallery has
        passed its gate."""
        made = [i for i, face in enumerate(faces) if not _composition(face).is_member]
        heads = [head for i in made if (head := faces[i].head) is not None]
        ranks: list[float | None] = [None] * len(faces)
        for i, rank in zip(made, self._composer.realism(heads), strict=True):
            ranks[i] = rank
        return ranks

    def describe(self, faces: Sequence[SyntheticFace], /) -> list[Description | None]:
        """Of composed faces: what follows from their members, and what is read of them."""
        heads = [face.head for face in faces if face.head is not None]
        return list(self._composer.descriptions([_composition(face) for face in faces], heads))

    @cached_property
    def _kept(self) -> npt.NDArray[np.intp]:
        return np.flatnonzero(keeping(self._gallery, self._locks))

    @cached_property
    def _parents(self) -> Parents:
        changeable = Changeable(self._gallery, self._locks) if self._composer.changes else None
        return Parents(self._gallery, self._locks, self._kinship, changeable)

    def _own(self, count: int, reference: np.ndarray, step: Step) -> list[SyntheticFace]:
        """``count`` faces of the gallery within the band, from where the page lies in it."""
        step(0.0)
        places, similarity, liked = self._ranked(reference, self._kept)
        limits, below = self.limits(reference), self._wanted.request.below
        inside = (similarity >= limits.stranger) & (similarity < limits.clone)
        if below is not None:
            inside &= similarity < below
        places, similarity, liked = places[inside], similarity[inside], liked[inside]
        order = np.argsort(self._again(places, liked) - liked, kind="stable")
        # The search begins as far from the head of what it is given as the page is from the suspect.
        distance = 0.0 if below is not None else self._wanted.request.distance
        start = round(distance * max(0, len(order) - count))
        found = order[start : start + count]
        return [self._face(int(places[i]), float(similarity[i])) for i in found]

    def _changed(self, count: int, reference: np.ndarray, random: np.random.Generator) -> list[Composition]:
        """Faces of the gallery that keep the locks once something is changed of them, each once a page."""
        firsts = self._parents.firsts
        places, similarity, liked = self._ranked(reference, firsts[~np.isin(firsts, self._kept)])
        inside = similarity < self._gallery.about.same_person
        places, liked = places[inside], liked[inside]
        order = places[np.argsort(self._again(places, liked) - liked, kind="stable")]
        start = self._tried + round(self._wanted.request.distance * max(0, len(order) - self._tried - count))
        found = order[start : start + count].tolist()
        self._tried += len(found)
        digest, changes = self._gallery.digest, self._parents.changes
        seeds = random.integers(SEEDS, size=len(found)).tolist()
        return [
            Composition(digest, (place,), (1.0,), seed, changes(place))
            for place, seed in zip(found, seeds, strict=True)
        ]

    def _blended(
        self, count: int, radius: float, reference: np.ndarray, random: np.random.Generator
    ) -> list[Composition]:
        """Between those who keep the locks, or do so once something is changed of them, and between those
        who would with others' hair."""
        firsts, leads = (
            self._nearest(reference, places, radius) for places in (self._parents.firsts, self._parents.leads)
        )
        drawn: list[Composition] = []
        for _ in range(count):
            lent = random.random() < LENT or not len(firsts)
            own = self._parents.lent(leads, random) if lent else self._parents.draw(firsts, random)
            drawn += [own] if own is not None else []
        return drawn

    def _nearest(
        self, reference: np.ndarray, places: npt.NDArray[np.intp], radius: float
    ) -> npt.NDArray[np.intp]:
        """Of faces at ``places`` the share ``radius`` that is the most liked, that first."""
        places, _, liked = self._ranked(reference, places)
        order = places[np.argsort(-liked, kind="stable")]
        return order[: max(LEAST_FIRSTS, round(min(1.0, radius) * len(order)))]

    def _ranked(
        self, reference: np.ndarray, places: npt.NDArray[np.intp]
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Faces at ``places``, their similarity, and what they are ordered by."""
        similarity = self._identities.similarities(reference, places)
        towards = self._wanted.towards
        liked = similarity if towards is None else self._identities.similarities(towards, places)
        return places, similarity, np.asarray(liked - self._unlike_at(places))

    def _unlike_at(self, places: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
        """As :meth:`_unlike`, of faces of the gallery at once."""
        costs = np.zeros(len(places), np.float32)
        for key, cost in self._preferred.items():
            value = self._wanted.suspect[key]["value"]
            words = self._gallery.about.attributes.get(key, ())
            known = self._gallery.having(key, words)[places]
            costs += np.float32(cost) * (known & ~self._gallery.having(key, [value])[places])
        return costs

    def _unlike(self, description: Description) -> float:
        """What is taken off for what a face has that the suspect has not."""
        said = {key: value_of(key, description) for key in self._preferred}
        suspect = {key: value_of(key, self._wanted.suspect) for key in self._preferred}
        return sum(
            cost
            for key, cost in self._preferred.items()
            if said[key] is not None and said[key] != suspect[key]
        )

    def _again(
        self, places: npt.NDArray[np.intp], liked: npt.NDArray[np.floating[Any]]
    ) -> npt.NDArray[np.float32]:
        """What is taken off of faces whose hair is that of faces at ``places`` that are liked more."""
        hair = self._gallery.table["sources"][places, 0]
        order = np.lexsort((-liked, hair))
        places_of = np.arange(len(order))
        first = np.maximum.accumulate(np.where(np.diff(hair[order], prepend=-1) != 0, places_of, 0))
        costs = np.zeros(len(order), np.float32)
        costs[order] = REPEATED * (places_of - first)
        return costs

    @cached_property
    def _preferred(self) -> dict[str, float]:
        suspect, locked = self._wanted.suspect, self._locks.values
        return {
            key: cost
            for key, cost in PREFERRED.items()
            if key not in locked and key in suspect and suspect[key]["value"] is not None
        }

    def _face(self, place: int, similarity: float) -> SyntheticFace:
        member = Composition(self._gallery.digest, (place,), (1.0,))
        head, said = self._composer.head(member), self._gallery.descriptions(place)
        identity = self._identities.of(np.array([place]))[0]
        return SyntheticFace(head.image, member, identity, similarity, description=said, head=head)


def _composition(face: SyntheticFace) -> Composition:
    if not isinstance(face.made_of, Composition):
        raise TypeError("a face of another source")
    return face.made_of
