"""CIE L*a*b* of pictures, in floats: L 0..100, a and b about -100..100 (sRGB, D65)."""

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.detector import Image

Lab = npt.NDArray[np.float32]
"""float32 (SIDE, SIDE, 3)."""


def lab_of(image: Image | Lab) -> Lab:
    """Of an RGB picture, uint8, or float32 0..255."""
    return np.asarray(cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2LAB))


def rgb_of(lab: Lab) -> Lab:
    """RGB, float32 0..255; what a screen cannot show is clipped."""
    rgb = cv2.cvtColor(lab.astype(np.float32), cv2.COLOR_LAB2RGB)
    return np.asarray(np.clip(rgb, 0, 1) * 255, np.float32)


def picture_of(lab: Lab) -> Image:
    """The uint8 RGB picture; what a screen cannot show is clipped."""
    return np.asarray((rgb_of(lab) + 0.5).astype(np.uint8))
