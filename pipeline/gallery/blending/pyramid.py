"""Laplacian pyramids: coarse bands are mixed over wide seams, fine ones over narrow seams.

Burt and Adelson 1983, "A multiresolution spline with application to image mosaics".
"""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from pipeline.gallery.blending.planes import Floats, Mask

LEVELS: Final = 4


def spliced(pictures: Sequence[Floats], weights: Sequence[Mask], levels: int = LEVELS) -> Floats:
    """Put pictures together where their weights say.

    Args:
        pictures: float32 (side, side, 3) each, the side a multiple of 2 ** levels.
        weights: as many, which sum to 1 at every place.
    """
    pictures, weights = list(pictures), list(weights)
    bands: list[Floats] = []
    for _ in range(levels):
        coarse = [_down(picture) for picture in pictures]
        bands.append(
            _mixed([picture - _up(small) for picture, small in zip(pictures, coarse, strict=True)], weights)
        )
        pictures, weights = coarse, [_down(weight) for weight in weights]
    whole = _mixed(pictures, weights)
    for band in reversed(bands):
        whole = _up(whole) + band
    return whole


def _down(plane: Floats) -> Floats:
    return np.asarray(cv2.pyrDown(plane), np.float32)


def _up(plane: Floats) -> Floats:
    return np.asarray(cv2.pyrUp(plane), np.float32)


def _mixed(pictures: Sequence[Floats], weights: Sequence[Mask]) -> Floats:
    total = sum(weight[..., None] * picture for weight, picture in zip(weights, pictures, strict=True))
    return np.asarray(total, np.float32)
