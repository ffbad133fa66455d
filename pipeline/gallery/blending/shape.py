"""The shape of a face that is blended: each part near the head that gives its texture, the whole a mix."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.faces.head import Landmarks
from pipeline.gallery.blending.anatomy import EYES, LOWER, NOSE
from pipeline.gallery.blending.shares import Shares

KEPT: Final = 0.55
"""How much of a part's own shape it keeps; the rest is the common mix."""
EXAGGERATION: Final = 1.25
"""A mean of faces is nearer to the mean of all than faces are: what sets it apart is enlarged by this."""
# Pixels over which one part's shape goes over into the next one's.
REACH: Final = 9.0


def mixed_shape(landmarks: Sequence[Landmarks], shares: Shares) -> Landmarks:
    """Landmarks of the new face. Heads share one frame, so places can be mixed as they are."""
    stack = np.stack(landmarks).astype(np.float64)
    middle = stack.mean(axis=0)
    weights = _weights(middle, shares)
    mix = np.einsum("pk,kpc->pc", weights, stack)
    return np.asarray(middle + EXAGGERATION * (mix - middle), np.float32)


def _weights(middle: npt.NDArray[np.float64], shares: Shares) -> npt.NDArray[np.float64]:
    """Share of each head in each landmark: (468, heads), smooth over the face."""
    common = np.asarray(shares.shape)
    owner = _owners(middle, shares)
    own = (owner[:, None] == np.arange(len(common))).astype(np.float64)
    weights = KEPT * own + (1 - KEPT) * common
    near = np.exp(-np.square(middle[:, None] - middle[None]).sum(axis=-1) / (2 * REACH**2))
    near /= near.sum(axis=1, keepdims=True)
    return np.asarray(near @ weights)


def _owners(middle: npt.NDArray[np.float64], shares: Shares) -> npt.NDArray[np.int64]:
    """Which head each landmark's part is from."""
    place = np.clip(np.round(middle).astype(int), 0, 255)
    owner = np.full(len(middle), shares.skin)
    for part, head in ((LOWER, shares.mouth), (EYES, shares.eyes), (NOSE, shares.nose)):
        inside = part.mask(np.asarray(middle, np.float32))[place[:, 1], place[:, 0]] > 0.4
        owner[inside] = head
    return owner
