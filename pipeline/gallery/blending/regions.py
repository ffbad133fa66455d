"""Which head is seen where in a blended face."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.faces.head import Landmarks
from pipeline.gallery.blending.anatomy import (
    AROUND_BROWS,
    BROWS,
    EYE_OPENINGS,
    EYES,
    GLASSES,
    LENS,
    LIPS,
    LOWER,
    MOUTH,
    NOSE,
    filled,
    hull,
    ring,
)
from pipeline.gallery.blending.planes import Mask, blurred
from pipeline.gallery.blending.shares import DONOR, Shares

INSIDE: Final = 0.955
"""The face's texture is mixed within its outline so many times as large; beyond that it is the donor's."""
SEAM: Final = 1.2


@dataclass(frozen=True, eq=False)
class View:
    """What is known of one head in the new shape.

    Attributes:
        bare: where skin is free of hair.
        beard: 0..1, how much of the chin and the jaw is covered.
    """

    bare: Mask
    beard: float


def beard_of(bare: Mask, landmarks: Landmarks) -> float:
    """0..1: how much of the lower face, lips left out, does not look like skin."""
    lower = LOWER.mask(landmarks) * (1 - hull(landmarks[list(LIPS)], 3))
    share = float(((1 - bare) * lower).sum() / max(float(lower.sum()), 1.0))
    return float(np.clip((share - 0.25) / 0.25, 0, 1))


def openness(view: View, landmarks: Landmarks) -> Mask:
    """Where a head may be shown: on bare skin, on its features, and where its beard is."""
    middle = np.maximum(NOSE.mask(landmarks), MOUTH.mask(landmarks))
    for eye, brow in zip(EYE_OPENINGS, BROWS, strict=True):
        middle = np.maximum(middle, hull(landmarks[[*eye, *brow]], 2))
    beard = LOWER.mask(landmarks) * view.beard
    return np.asarray(np.maximum(view.bare, blurred(np.maximum(middle, beard), SEAM)), np.float32)


def places(target: Landmarks, views: Sequence[View], shares: Shares) -> list[Mask]:
    """How much of each head is seen at each place; they sum to 1. Beyond the face the donor is."""
    open_to = [openness(view, target) for view in views]
    beard = max(views[0].beard, views[shares.mouth].beard)
    face = blurred(filled(ring(target, INSIDE)), SEAM) * open_to[0]
    mouth = np.maximum(MOUTH.mask(target), LOWER.mask(target) * np.float32(beard > 0.5))
    left = face.copy()
    weights = [np.zeros_like(face) for _ in views]
    openings = np.max([hull(target[list(eye)], LENS) for eye in EYE_OPENINGS], axis=0)
    glasses = GLASSES.mask(target) * np.float32(shares.glasses)
    brows = np.max([hull(target[list(brow)], AROUND_BROWS) for brow in BROWS], axis=0)
    whole = np.maximum(EYES.mask(target), brows) * (1 - NOSE.mask(target))
    eyes = openings if shares.glasses else whole
    for mask, head in (
        (eyes, shares.eyes),
        (glasses, DONOR),
        (NOSE.mask(target), shares.nose),
        (mouth, shares.mouth),
        (np.ones_like(face), shares.skin),
    ):
        part = left * blurred(mask, SEAM)
        left = left - part
        for other in _in_turn(head, shares):
            taken = part * open_to[other]
            weights[other] += taken
            part = part - taken
    weights[0] = np.asarray(1 - sum(weights[1:]), np.float32)
    return weights


def _in_turn(head: int, shares: Shares) -> list[int]:
    """Who is asked for a place: the head that it belongs to, then the others; the donor has the rest."""
    order = [head, shares.skin, shares.mouth, shares.nose, shares.eyes]
    return [other for other in dict.fromkeys(order) if other != 0 or head == 0]
