"""Squares cut out of a picture around boxes, for the second and the third network of the cascade."""

from typing import Any, Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.boxes import Boxes
from pipeline.faces.photo import Pixels

Floats: TypeAlias = npt.NDArray[np.float32]
Places: TypeAlias = npt.NDArray[np.intp]

BEYOND: Final = np.float32(127.5)
"""The grey level of what is not in the picture."""


def cropped(picture: Pixels, boxes: Boxes, side: int) -> Floats:
    """Cut boxes out of a picture and bring them to one size, by linear interpolation between four pixels.

    The same, to the last digits, as TensorFlow's ``crop_and_resize`` of boxes in shares of the picture's
    sides, which the package mtcnn has: a box from 0 to ``width`` ends at the middle of the last pixel.

    Args:
        picture: uint8 (height, width, 3).
        boxes: see ``Boxes``.
        side: pixels of the result, at least 2.

    Returns:
        float32 (n, side, side, 3), grey levels 0..255.
    """
    height, width = picture.shape[:2]
    down = _samples(boxes[:, 1], boxes[:, 3], height, side)[:, :, None]
    across = _samples(boxes[:, 0], boxes[:, 2], width, side)[:, None, :]
    (top, bottom), (left, right) = _neighbours(down, height), _neighbours(across, width)
    # One number for the three colours of a pixel: picked in a quarter of the time.
    packed = cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA).view(np.uint32)[..., 0]
    to_right, to_bottom = (across - left)[..., None], (down - top)[..., None]
    above = _between(_picked(packed, top, left), _picked(packed, top, right), to_right)
    below = _between(_picked(packed, bottom, left), _picked(packed, bottom, right), to_right)
    cut = _between(above, below, to_bottom)
    cut[~(_inside(down, height) & _inside(across, width))] = BEYOND
    return cut


def _samples(first: npt.NDArray[Any], last: npt.NDArray[Any], length: int, side: int) -> Floats:
    """Where to look along one side of the picture: float32 (n, side), from the middle of the first pixel."""
    start, end = (np.asarray(edge / length, np.float32) for edge in (first, last))
    steps = (end - start) * np.float32(length - 1) / np.float32(side - 1)
    return (start * np.float32(length - 1))[:, None] + np.arange(side, dtype=np.float32) * steps[:, None]


def _neighbours(samples: Floats, length: int) -> tuple[Places, Places]:
    """The pixels before and behind each sample."""
    samples = samples.clip(0, length - 1)
    return np.floor(samples).astype(np.intp), np.ceil(samples).astype(np.intp)


def _inside(samples: Floats, length: int) -> npt.NDArray[np.bool_]:
    return (samples >= 0) & (samples <= length - 1)


def _picked(packed: npt.NDArray[np.uint32], rows: Places, columns: Places) -> Floats:
    return packed[rows, columns][..., None].view(np.uint8)[..., :3].astype(np.float32)


def _between(one: Floats, other: Floats, share: Floats) -> Floats:
    return one + (other - one) * share
