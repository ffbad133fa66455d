"""The engine of a gallery: faces like a suspect's, found in it or composed from it. Without Keras."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np

from gpu_worker.engine.steps import ignore, never, stepping
from pipeline.attributes import Reliability
from pipeline.faces.head import SIDE, Head
from pipeline.fillers import Composition, Locks, Page, PageRequest, Search, SyntheticFace, distance_of
from pipeline.gallery import Gallery, GalleryError
from pipeline.gallery.changing import Change
from pipeline.gallery.colouring import Unnatural
from pipeline.gallery.composing import Blend, Composer, Embed, Read, Realism
from pipeline.gallery.identities import Identities
from pipeline.gallery.kinship import Kinship
from pipeline.gallery.moving import Ways
from pipeline.gallery.parents import without_each
from pipeline.gallery.person import Person
from pipeline.gallery.source import GallerySource, Wanted
from pipeline.gallery.walking import walk
from pipeline.serving.arithmetic import Arithmetic

#: Rounds of a search: one of the gallery's own faces, the others of composed ones.
ROUNDS: Final = 6
#: Of composed ones, rounds that may bring nobody new: where people are few, composing makes the same again.
PATIENCE: Final = 0


class GalleryEngine:
    """What a job asks of a gallery: a page, the way between two people, a face again.

    Args:
        gallery: opened.
        blend, embed, read, realism, change: what composing needs, see
            :class:`pipeline.gallery.composing.Composer`.
        kinship: who can share a face.
        workers: threads that compose; None: as many as there are cores.
        reliability: how often what ``read`` says of photographs is right; empty: as the gallery says.

    Attributes:
        digest: the gallery's.
        resolution: side of its pictures in pixels.
        directions: along what people can be moved.
        reliability: how often what is read of photographs of people is right, by key.
        arithmetic: what computes its faces.
    """

    arithmetic = Arithmetic("numpy-opencv", f"{np.__version__}-{cv2.__version__}")
    page_size = 12
    resolution = SIDE

    def __init__(
        self,
        gallery: Gallery,
        *,
        blend: Blend,
        embed: Embed,
        kinship: Kinship,
        read: Read | None = None,
        realism: Realism | None = None,
        change: Change | None = None,
        workers: int | None = None,
        reliability: Mapping[str, Reliability] = MappingProxyType({}),
    ) -> None:
        self.gallery, self.digest = gallery, gallery.digest
        self._composer = Composer(
            gallery, blend=blend, embed=embed, read=read, realism=realism, change=change, workers=workers
        )
        self._embed, self._read, self._kinship = embed, read, kinship
        self._reliability = reliability
        self._identities = Identities(gallery.embeddings, gallery.coarse, gallery.about.coarse_scale)
        self._ways = Ways(gallery)

    @property
    def directions(self) -> tuple[str, ...]:
        """Along what people can be moved, see :meth:`adjusted`."""
        return self._ways.names

    @property
    def reliability(self) -> Mapping[str, Reliability]:
        """How often what is read of photographs of people is right, by key."""
        return self._reliability or self.gallery.about.reliability

    def person(self, head: Head, *, read: bool = True) -> Person:
        """Who is on a photograph, upright and framed, and what is read of them.

        Args:
            read: False where what is known of them is known already.
        """
        (identity,) = self._embed([head])
        return Person(identity, self._read([head])[0] if read and self._read is not None else {})

    def locks(self, locks: Mapping[str, str], person: Person) -> Locks:
        """What an officer asked faces to share with ``person``; ``left_out`` names what is not known.

        Raises:
            CannotLock: something that is not said of this gallery's faces.
        """
        return Locks.asked(locks, person.description, self.gallery.about.attributes)

    def without_each(self, locks: Locks) -> dict[str, int]:
        """Key of each lock → how many faces of the gallery keep all others."""
        return without_each(self.gallery, locks)

    def neighbours(
        self,
        person: Person,
        *,
        start: Person | None = None,
        page: int = 1,
        count: int = page_size,
        seed: int = 0,
        locks: Mapping[str, str] | Locks = MappingProxyType({}),
        distance: float | None = None,
        below: float | None = None,
        moves: Mapping[str, float] = MappingProxyType({}),
        report: Callable[[float], None] = ignore,
        stopped: Callable[[], bool] = never,
    ) -> Page:
        """Faces like ``person``, the less alike the higher the page (thesis §3.4.5).

        Args:
            start: whom faces are to be like among those that may stand beside ``person``; None: that person.
            page: from 1: another page has other faces, and unless ``distance`` is given, less similar ones.
            locks: key of ``pipeline.fillers.locks.KEYS`` → a value, or "same"; or as :meth:`locks` has
                resolved them. What is not known of the person locks nothing.
            distance: 0 (as alike as may be) to 1 (as different as may be); None: as the page says.
            below: mean similarity of the page before: this one's stays under it.
            moves: as of :meth:`adjusted`: towards whom faces are looked for, and what is the same as of
                that person; none of them is ``person`` all the same.

        Raises:
            CannotLock: a lock that this gallery cannot keep.
            NoDirection: a move that it has not.
            GalleryError: a picture of the gallery is damaged.
            Stopped: ``stopped()`` was true between two faces.
            ValueError: a page, count or distance out of range.
        """
        there = self.adjusted(start or person, moves)
        known = self.adjusted(person, moves).description
        request = PageRequest(
            count=count,
            distance=distance_of(page) if distance is None else distance,
            locks=locks if isinstance(locks, Locks) else self.locks(locks, Person(person.identity, known)),
            seed=seed,
            page=page,
            below=below,
        )
        wanted = Wanted(request, there.description, there.identity if moves or start else None)
        source = GallerySource(self._composer, self._identities, self._kinship, wanted)
        step = stepping(report, stopped)
        made = Search(source, reference=person.identity, step=step, rounds=ROUNDS, patience=PATIENCE).run(
            request
        )
        return made if len(made) == count else replace(made, without=self.without_each(request.locks))

    def interpolate(
        self,
        first: Person,
        last: Person,
        *,
        steps: int = page_size,
        seed: int = 0,
        report: Callable[[float], None] = ignore,
        stopped: Callable[[], bool] = never,
    ) -> list[SyntheticFace]:
        """Faces on the way from one person to another; similarity is that to the first. See :func:`walk`.

        Raises:
            GalleryError, Stopped, ValueError: as of :meth:`neighbours`.
        """
        return walk(
            self._composer,
            self._identities,
            self._kinship,
            (first, last),
            steps=steps,
            seed=seed,
            step=stepping(report, stopped),
        )

    def adjusted(self, person: Person, moves: Mapping[str, float]) -> Person:
        """Move somebody along some of ``directions``, in standard deviations of the gallery's faces.

        Raises:
            NoDirection: the gallery has none for a move.
        """
        return self._ways.adjusted(person, moves) if moves else person

    def regenerate(self, composition: Composition) -> SyntheticFace:
        """A face again from its recipe, to the bit; its similarity is that to itself.

        Raises:
            GalleryError: it was composed from another gallery, or the recipe is damaged.
        """
        try:
            head = self._composer.head(composition)
        except Unnatural as error:
            raise GalleryError(f"no face was made by this recipe: {error}") from error
        (identity,) = self._embed([head])
        (said,) = self._composer.descriptions([composition], [head])
        face = SyntheticFace(head.image, composition, identity, 1.0, description=said, head=head)
        return face if not composition.is_member else replace(face, description=self._said(composition))

    def hair_of(self, face: SyntheticFace) -> int:
        """Who gave a face its hair, of the people whom the gallery was blended of: a number of no meaning."""
        if not isinstance(face.made_of, Composition):
            raise TypeError("a face of another source")
        return self.gallery.hair_of(face.made_of.members[0])

    def _said(self, composition: Composition) -> Mapping[str, object]:
        return self.gallery.descriptions(composition.members[0])
