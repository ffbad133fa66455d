"""OpenCV on float32 planes, typed: blur, size."""

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]
Mask: TypeAlias = npt.NDArray[np.float32]
"""float32 (height, width), 0..1."""


def blurred(plane: Floats, radius: float) -> Floats:
    """By a Gaussian whose deviation is so many pixels; of the same shape."""
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), radius), np.float32).reshape(plane.shape)


def fine(light: Floats, radius: float) -> Floats:
    """What a blur takes away."""
    return light - blurred(light, radius)


def smaller(plane: Floats, side: int) -> Floats:
    """A square plane brought to a smaller side: the mean of the pixels covered; channels stay."""
    whole = np.asarray(cv2.resize(plane, (side, side), interpolation=cv2.INTER_AREA), np.float32)
    return whole.reshape(side, side, *plane.shape[2:])


def larger(plane: Floats, side: int) -> Floats:
    """A square plane brought to a larger side, smoothly; channels stay."""
    size = (side, side, *plane.shape[2:])
    return np.asarray(cv2.resize(plane, (side, side), interpolation=cv2.INTER_LINEAR), np.float32).reshape(
        size
    )


def grown(mask: Mask, pixels: int) -> Mask:
    """Dilated by a disc of so many pixels, or eroded where they are negative."""
    side = 2 * abs(pixels) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.dilate(mask, disc) if pixels > 0 else cv2.erode(mask, disc), np.float32)
