"""One try: draw, blend, check, describe."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from pipeline.faces.head import Head
from pipeline.gallery.blending.blend import Blend, blend
from pipeline.gallery.building.alike import known
from pipeline.gallery.building.balance import Weights
from pipeline.gallery.building.checks import flaw_of_place
from pipeline.gallery.building.confirming import confirmed
from pipeline.gallery.building.describing import described, wearing
from pipeline.gallery.building.drawing import Draw, Drawing
from pipeline.gallery.building.dressing import Dressing
from pipeline.gallery.building.identities import Identities
from pipeline.gallery.building.nobody import SOMEBODY, Portraits, nearer, somebody
from pipeline.gallery.building.outcomes import Embedding, Made, Outcome
from pipeline.gallery.building.settings import Settings
from pipeline.gallery.building.sources import Sources
from pipeline.gallery.flaws import LEAST_RANK, flaw_probe
from pipeline.gallery.wearing import with_glasses
from pipeline.identity.faces import FaceIdentity
from pipeline.reading import Reader
from pipeline.reading.signs import signs_of

CERTAINLY: Final = 0.02
"""Garment, wall and WebP change a face's cosines by less."""

SPOILT: Final = "it looks spoilt"
MOSTLY_ONE: Final = "too much of the face is of whoever gives the hair"


@dataclass(frozen=True, eq=False)
class Bare:
    """A face as it was blended: its own hair, no glasses put on.

    Attributes:
        gowned: in its garment.
        kept: in front of the wall, too.
        who: of ``kept``.
    """

    gowned: Head
    kept: Head
    who: Embedding


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
    def _dressing(self) -> Dressing:
        return Dressing(self._settings, self._reader)

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
        return self._checked(
            Outcome(number, lead=draw.lead), draw, blend(self._drawing.heads(draw), draw.shares)
        )

    def _checked(self, outcome: Outcome, draw: Draw, made: Blend) -> Outcome:
        """Ask of a face all that can be asked of it alone."""
        people = [self._sources.all[taken.source] for taken in draw.heads]
        parts = zip((one.number for one in people), made.seen, strict=True)
        labels, _ = described([known(one) for one in people], made.seen)
        outcome = replace(outcome, sources=tuple(parts), labels=labels)
        if made.of_donor:
            return outcome.refused(MOSTLY_ONE, f"{made.seen[0]:.2f}")
        # Before anything that takes long: half of all tries end here.
        near = self._portraits.near(self._identities.who(made.head.image, made.head.landmarks))
        if near.cosine >= self._settings.identity + CERTAINLY:
            return replace(outcome, near=near).refused(SOMEBODY, f"{near.cosine:.3f}")
        gowned = self._dressing.gowned(made.head)
        bare = self._dressing.kept(gowned)
        who = self._identities.who(bare.image, bare.landmarks)
        outcome = self._nobody(outcome, bare, who)
        return outcome if outcome.reason else self._kept(outcome, draw, made, Bare(gowned, bare, who))

    def _nobody(self, outcome: Outcome, bare: Head, who: Embedding) -> Outcome:
        """Refused where the face is somebody, before other hair and glasses hide whom it is like, or where it
        cannot be found again."""
        reason, detail = flaw_of_place(bare)
        if reason:
            return outcome.refused(reason, detail)
        near = self._portraits.near(who)
        if near.cosine < self._settings.identity:  # the second opinion takes longer
            near = self._portraits.second_near(near, self._identities.second(bare.image, bare.landmarks))
        outcome = replace(outcome, near=near)
        if reason := somebody(near, self._settings.identity):
            return outcome.refused(reason, f"{near.cosine:.3f}")
        return outcome

    def _kept(self, outcome: Outcome, draw: Draw, made: Blend, bare: Bare) -> Outcome:
        """The face as it is kept, with what is said of it, where what is read of it does not contradict."""
        turned, hair = self._dressing.coloured(bare.gowned, draw.hair)
        said = [known(self._sources.all[taken.source]) for taken in draw.heads]
        if hair is not None:
            said[0] = replace(said[0], hair=hair.name)
        labels, description = described(said, made.seen)
        if draw.glasses is not None:
            labels, description = wearing(labels, description)
            turned = with_glasses(turned, draw.glasses)
        outcome, head, who = replace(outcome, labels=labels), bare.kept, bare.who
        if outcome.near is not None and turned is not bare.gowned:
            head = self._dressing.kept(turned)
            who = self._identities.who(head.image, head.landmarks)
            near = nearer(outcome.near, self._portraits.near(who))
            outcome = replace(outcome, near=near)
            if reason := somebody(near, self._settings.identity):
                return outcome.refused(reason, f"{near.cosine:.3f}")
        signs = signs_of([head], self._reader.identity)
        if (rank := float(flaw_probe().ranks(signs)[0])) < LEAST_RANK:
            return outcome.refused(SPOILT, f"{rank:.3f}")
        (read,) = self._reader.reads(signs)
        reason, description = confirmed(description, read.description)
        if reason:
            return outcome.refused(reason)
        return replace(outcome, made=Made(head, who, description))
