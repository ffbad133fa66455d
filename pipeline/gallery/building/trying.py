"""One try: draw, blend, check, describe."""

from dataclasses import replace
from functools import cached_property
from typing import Final

import numpy as np

from pipeline.faces.garment import with_garment
from pipeline.faces.head import Head
from pipeline.faces.wall import composed
from pipeline.gallery.about import PICTURE_QUALITY
from pipeline.gallery.blending.blend import Blend, blend
from pipeline.gallery.building.alike import known
from pipeline.gallery.building.balance import Weights
from pipeline.gallery.building.checks import flaw_of_place
from pipeline.gallery.building.confirming import confirmed
from pipeline.gallery.building.describing import described, wearing
from pipeline.gallery.building.drawing import Draw, Drawing
from pipeline.gallery.building.identities import Identities
from pipeline.gallery.building.nobody import SOMEBODY, Portraits, somebody
from pipeline.gallery.building.outcomes import Made, Outcome
from pipeline.gallery.building.settings import Settings
from pipeline.gallery.building.sources import Sources
from pipeline.gallery.pictures import decode_picture, encode_picture
from pipeline.gallery.wearing import with_glasses
from pipeline.identity.faces import FaceIdentity
from pipeline.reading import Reader

CERTAINLY: Final = 0.02
"""Garment, wall and WebP change a face's cosines by less."""

MOSTLY_ONE: Final = "too much of the face is of whoever gives the hair"


class Trying:
    """Makes faces, one after the other.

    Args:
        sources: of whom.
        settings: of the gallery.
    """

    def __init__(self, sources: Sources, settings: Settings) -> None:
        self._sources, self._settings = sources, settings
        self._drawing = Drawing(sources, settings.seed)
        self._identities = Identities(second=settings.second_opinion == "dlib")

    @cached_property
    def _reader(self) -> Reader:
        return Reader.load(identity=FaceIdentity.load(threads=1))

    @cached_property
    def _portraits(self) -> Portraits:
        known = [source for source in self._sources.all if source.embedding is not None]
        second = [source.second for source in known if source.second is not None]
        return Portraits(
            np.array([source.number for source in known]),
            np.array([source.embedding for source in known], np.float32),
            np.array(second, np.float64),
        )

    def outcome(self, number: int, weights: Weights) -> Outcome:
        """Do the try of this number."""
        draw = self._drawing.draw(number, weights)
        return self._checked(Outcome(number), draw, blend(self._drawing.heads(draw), draw.shares))

    def _checked(self, outcome: Outcome, draw: Draw, made: Blend) -> Outcome:
        """Ask of a face all that can be asked of it alone."""
        people = [self._sources.all[taken.source] for taken in draw.heads]
        parts = zip((one.number for one in people), made.seen, strict=True)
        labels, description = described([known(one) for one in people], made.seen)
        if draw.glasses is not None:
            labels, description = wearing(labels, description)
        outcome = replace(outcome, sources=tuple(parts), labels=labels)
        if made.of_donor:
            return outcome.refused(MOSTLY_ONE, f"{made.seen[0]:.2f}")
        # Before anything that takes long: half of all tries end here.
        near = self._portraits.near(self._identities.who(made.head.image, made.head.landmarks))
        limit = self._settings.identity + CERTAINLY
        if draw.glasses is not None and near.cosine < limit:
            # Glasses hide whom a face is like: what they are put on must be nobody itself.
            bare = self._finished(made.head)
            near = self._portraits.near(self._identities.who(bare.image, bare.landmarks))
            limit = self._settings.identity
        if near.cosine >= limit:
            return replace(outcome, near=near).refused(SOMEBODY, f"{near.cosine:.3f}")
        head = self._finished(with_glasses(made.head, draw.glasses) if draw.glasses else made.head)
        reason, detail = flaw_of_place(head)
        if reason:
            return outcome.refused(reason, detail)
        embedding = self._identities.who(head.image, head.landmarks)
        near = self._portraits.near(embedding)
        if near.cosine < self._settings.identity:  # the second opinion takes longer
            bare = self._finished(made.head) if draw.glasses else head
            near = self._portraits.second_near(near, self._identities.second(bare.image, bare.landmarks))
        outcome = replace(outcome, near=near)
        if reason := somebody(near, self._settings.identity):
            return outcome.refused(reason, f"{near.cosine:.3f}")
        reason, description = confirmed(description, self._reader.read(head).description)
        if reason:
            return outcome.refused(reason)
        return replace(outcome, made=Made(head, embedding, description))

    def _finished(self, head: Head) -> Head:
        """As it will be kept: what is checked is what is shown."""
        if self._settings.garment == "gown":
            head = with_garment(head)
        wall = np.asarray(self._settings.wall, np.float32)
        image = composed(head.image.astype(np.float32), wall, head.alpha)
        kept = decode_picture(encode_picture(image, PICTURE_QUALITY))
        return Head(kept, head.landmarks, head.alpha)
