"""The little of a neck that is seen between jaw and collar, without what was worn there."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.detector import Image
from pipeline.faces.hair import CHEEKS, around, is_bearded
from pipeline.faces.head import Head

# Along the jaw and the chin, just inside the face's outline.
JAW_SKIN: Final = (150, 149, 176, 140, 171, 175, 396, 369, 400, 378, 379, 32, 262)
# The neck lies in the head's shadow: its lightness as a share of the jaw's, where nothing else is known.
SHADE: Final = 0.72
# Lightness (L*a*b*, of 8 bits) beyond the jaw's that no skin below it has; and below its share of it.
BRIGHTER, DARKER = 12.0, 0.33
# Difference in colour from the jaw's skin, brought to the same lightness.
OTHER_COLOUR: Final = 17.0

Floats = npt.NDArray[np.float32]


def bare_neck(head: Head, zone: npt.NDArray[np.bool_]) -> Image:
    """The picture with skin wherever something else is worn within ``zone``, the neck above the collar.

    Args:
        zone: bool (SIDE, SIDE).
    """
    lab = cv2.cvtColor(head.image, cv2.COLOR_RGB2LAB).astype(np.float32)
    jaw = np.median(around(lab, head, CHEEKS if is_bearded(head) else JAW_SKIN), 0)
    light = lab[..., 0]
    colour = (lab[..., 1:] - 128.0) * (jaw[0] / np.maximum(light, 20.0))[..., None] - (jaw[1:] - 128.0)
    other = (light > jaw[0] + BRIGHTER) | (light < DARKER * jaw[0])
    other |= np.hypot(colour[..., 0], colour[..., 1]) > OTHER_COLOUR
    worn = (cv2.dilate((other & zone).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0) & zone
    if not worn.any():
        return head.image
    skin = zone & ~worn
    shade = np.median(light[skin]) / jaw[0] if skin.sum() > 40 else SHADE
    usual = np.concatenate([[np.clip(shade, 0.5, 0.95) * jaw[0]], jaw[1:]])
    # Towards what skin is seen nearby, as far as there is any.
    weight = cv2.GaussianBlur(skin.astype(np.float32), (0, 0), 6.0)[..., None] + 0.02
    blurred = cv2.GaussianBlur(lab * skin[..., None], (0, 0), 6.0)
    filling = (blurred + usual.astype(np.float32) * 0.02) / weight
    grain = np.random.default_rng(2).normal(0.0, 1.6, light.shape).astype(np.float32)
    filling[..., 0] += grain
    soft = cv2.GaussianBlur(worn.astype(np.float32), (0, 0), 0.9)[..., None]
    mixed = np.clip(lab + (filling - lab) * soft, 0, 255).astype(np.uint8)
    bare = cv2.cvtColor(mixed, cv2.COLOR_LAB2RGB)
    return np.asarray(np.where(soft > 0.004, bare, head.image), np.uint8)
