"""Several heads become one photographic person who does not exist."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.faces.head import OVAL, Head, Landmarks
from pipeline.faces.lab import lab_of, picture_of
from pipeline.gallery.blending.anatomy import MOUTH, features, filled, ring
from pipeline.gallery.blending.colours import toned
from pipeline.gallery.blending.planes import Floats, Mask
from pipeline.gallery.blending.pyramid import spliced
from pipeline.gallery.blending.regions import INSIDE, places
from pipeline.gallery.blending.shape import mixed_shape
from pipeline.gallery.blending.shares import MOST_OF_THE_DONOR, Shares
from pipeline.gallery.blending.skin import free_of_hair
from pipeline.gallery.blending.warping import maps_to, warped


@dataclass(frozen=True, eq=False)
class Blend:
    """A new face, and how it came about.

    Attributes:
        head: before the donor's wall, with the donor's alpha in the new shape.
        seen: share of each head in what is seen within the face's outline, hair left out; they sum to 1.
    """

    head: Head
    seen: tuple[float, ...]

    @property
    def of_donor(self) -> bool:
        """Whether it shows more of the donor than ``MOST_OF_THE_DONOR``: then it must not be used."""
        return self.seen[0] > MOST_OF_THE_DONOR


def blend(heads: Sequence[Head], shares: Shares) -> Blend:
    """Blend heads of one frame; the first is the donor of hair and outline.

    The same heads and shares give the same pixels.

    Raises:
        ValueError: fewer than two heads, or not as many as the shares are of.
    """
    if len(heads) < 2 or len(heads) != len(shares.shape):
        raise ValueError(f"{len(heads)} heads cannot be blended by the shares of {len(shares.shape)}.")
    target = mixed_shape([head.landmarks for head in heads], shares)
    maps = maps_to(target, [head.landmarks for head in heads])
    labs = [lab_of(warped(head.image, read)) for head, read in zip(heads, maps, strict=True)]
    alphas = [np.clip(warped(head.alpha, read), 0, 1) for head, read in zip(heads, maps, strict=True)]
    bare = [free_of_hair(lab, alpha, target) for lab, alpha in zip(labs, alphas, strict=True)]
    weights = places(target, bare, shares)
    mixed = spliced(_matched(labs, bare, target), weights)
    return Blend(Head(picture_of(mixed), target, alphas[0]), _seen(weights, bare[0], target))


def _matched(labs: Sequence[Floats], bare: Sequence[Mask], target: Landmarks) -> list[Floats]:
    """All in the donor's tone; where a head shows hair or ends, the donor stands in for it."""
    plain = filled(ring(target, INSIDE)) * (1 - features(target))
    lower = MOUTH.mask(target)  # alike in beard or none
    matched = [labs[0]]
    face = filled(ring(target, 1.0))
    for lab, free in zip(labs[1:], bare[1:], strict=True):
        known = plain * np.maximum(free * bare[0], lower)
        new = toned(lab, labs[0], np.asarray(known, np.float32))
        matched.append(np.asarray(new * face[..., None] + labs[0] * (1 - face[..., None]), np.float32))
    return matched


def _seen(weights: Sequence[Mask], bare: Mask, target: Landmarks) -> tuple[float, ...]:
    face = filled(target[list(OVAL)])
    where = face * np.maximum(bare, filled(ring(target, 0.8)))
    amounts = np.array([float((weight * where).sum()) for weight in weights])
    return tuple((amounts / amounts.sum()).tolist())
