"""One complexion and one light over the whole face: the donor's."""

from typing import Final

import numpy as np

from pipeline.faces.head import SIDE
from pipeline.gallery.blending.planes import Floats, Mask, blurred, fine, larger, smaller

SMALL: Final = 64
LIGHT: Final = 11.0
"""Pixels (a Gaussian's deviation) above which light is the donor's."""
TINT: Final = 6.0
"""The same of colour: what grows under the skin gives a chin and cheeks different tints."""
FINE: Final = 1.6
"""Pixels below which a difference is detail: pores, hairs, noise."""
COARSE: Final = 6.0
"""Pixels below which a difference is relief: folds, shadows of features."""
# Most that detail and relief are made weaker or stronger by, so that parts are equally sharp and equally lit.
SOFTER, SHARPER = 0.65, 1.5
FLATTER, DEEPER = 0.7, 1.2


def toned(lab: Floats, donor: Floats, bare: Mask) -> Floats:
    """Move a head's tone and light to the donor's, smoothly, and its detail to the strength of the donor's.

    Args:
        lab: float32 (SIDE, SIDE, 3), L*a*b*.
        donor: the same, in the same shape.
        bare: where both show plain skin.
    """
    moved = lab + np.concatenate(
        [_spread((donor - lab)[..., :1], bare, LIGHT), _spread((donor - lab)[..., 1:], bare, TINT)], axis=-1
    )
    own, wanted = lab[..., 0], donor[..., 0]
    detail = fine(own, FINE)
    relief = fine(own, COARSE) - detail
    sharper = _strength(fine(wanted, FINE), bare) / _strength(detail, bare)
    deeper = _strength(fine(wanted, COARSE) - fine(wanted, FINE), bare) / _strength(relief, bare)
    moved[..., 0] += np.float32(np.clip(sharper, SOFTER, SHARPER) - 1) * detail
    moved[..., 0] += np.float32(np.clip(deeper, FLATTER, DEEPER) - 1) * relief
    return np.asarray(moved, np.float32)


def _strength(detail: Floats, where: Mask) -> float:
    """Typical size of detail, not moved by a few strong ones."""
    inside = np.abs(detail[where > 0.7])
    return float(np.mean(np.minimum(inside, 4.0))) + 0.05 if inside.size else 1.0


def _spread(difference: Floats, where: Mask, reach: float) -> Floats:
    """A difference's low frequencies, known only in places, for every place (normalised convolution)."""
    weight = smaller(where[..., None], SMALL)
    small = smaller(difference * where[..., None], SMALL)
    total = small.sum(axis=(0, 1)) / max(float(weight.sum()), 1e-3)
    known = np.full((SMALL, SMALL, 1), 1e-4, np.float32)
    field = np.broadcast_to(total, small.shape) * known
    # What is near counts most; what is far counts where nothing near is known.
    for radius, faith in ((reach, 1.0), (3 * reach, 0.03)):
        blur = radius * SMALL / SIDE
        field = field + np.float32(faith) * blurred(small, blur)
        known = known + np.float32(faith) * blurred(weight, blur)
    return larger(field / known, SIDE)
