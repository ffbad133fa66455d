"""Which head is seen where in a blended face."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.faces.head import Landmarks
from pipeline.gallery.blending.anatomy import (
    AROUND_BROWS,
    BROWS,
    EYE_OPENINGS,
    EYES,
    GLASSES,
    INNER_BROWS,
    LENS,
    LENS_BELOW,
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

INSIDE: Final = 0.965
"""The face's texture is mixed within its outline so many times as large; beyond that it is the donor's."""
SEAM: Final = 1.2


def openness(bare: Mask, landmarks: Landmarks, *, beard: bool) -> Mask:
    """Where a head may be shown: on bare skin, on its features, and where its beard is."""
    middle = np.maximum(NOSE.mask(landmarks), hull(landmarks[list(LIPS)], 5))
    for eye, brow in zip(EYE_OPENINGS, INNER_BROWS, strict=True):
        middle = np.maximum(middle, hull(landmarks[[*eye, *brow]], 2))
    if beard:
        middle = np.maximum(middle, LOWER.mask(landmarks))
    return np.asarray(np.maximum(bare, blurred(middle, SEAM)), np.float32)


def places(target: Landmarks, bare: Sequence[Mask], shares: Shares) -> list[Mask]:
    """How much of each head is seen at each place; they sum to 1. Beyond the face the donor is.

    Args:
        bare: where each head's skin is free of hair, in the new shape.
    """
    open_to = [openness(mask, target, beard=shares.beard) for mask in bare]
    face = blurred(filled(ring(target, INSIDE)), SEAM) * open_to[0]
    mouth = LOWER.mask(target) if shares.beard else MOUTH.mask(target)
    left = face.copy()
    weights = [np.zeros_like(face) for _ in bare]
    openings = np.max([_lens(target[list(eye)]) for eye in EYE_OPENINGS], axis=0)
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


def _lens(eye: npt.NDArray[np.float32]) -> Mask:
    """What is seen of an eye through a lens."""
    return hull(np.concatenate([eye, eye + np.array([0, LENS_BELOW], np.float32)]), LENS)


def _in_turn(head: int, shares: Shares) -> list[int]:
    """Who is asked for a place: the head that it belongs to, then the others; the donor has the rest."""
    order = [head, shares.skin, shares.mouth, shares.nose, shares.eyes]
    return [other for other in dict.fromkeys(order) if other != 0 or head == 0]
