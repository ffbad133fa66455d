"""Turning, enlarging or shrinking a part of a picture in one go, without aliasing."""

from typing import Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.detector import Image

Affine: TypeAlias = npt.NDArray[np.float64]
"""float64 (2, 3): maps x, y of a picture to x, y of the result. Pixels' middles are at 0.5, 1.5, …"""

# A result is made at so many times its size at most before it is shrunk; the picture is shrunk before that.
MOST_ENLARGED: Final = 4


def similarity(scale: float, turn: float, point: npt.ArrayLike, to: npt.ArrayLike) -> Affine:
    """The map that turns by ``turn`` radians (clockwise, as seen), scales, and takes ``point`` to ``to``."""
    cosine, sine = scale * np.cos(turn), scale * np.sin(turn)
    matrix = np.array([[cosine, -sine], [sine, cosine]])
    return np.column_stack([matrix, np.asarray(to, float) - matrix @ np.asarray(point, float)])


def mapped(points: npt.ArrayLike, affine: Affine) -> npt.NDArray[np.float32]:
    """Points (n, 2) where the map takes them."""
    return np.asarray(np.asarray(points, float) @ affine[:, :2].T + affine[:, 2], np.float32)


def inverse(affine: Affine) -> Affine:
    """The map back."""
    back = np.linalg.inv(affine[:, :2])
    return np.column_stack([back, -back @ affine[:, 2]])


def warped(rgb: Image, affine: Affine, side: int, *, quick: bool = False) -> Image:
    """The square uint8 (side, side, 3) that a similarity makes of ``rgb``, whose edge is repeated beyond it.

    Of what shrinks, each pixel is the mean of what it covers; what grows is interpolated (Lanczos).

    Args:
        quick: linear interpolation, for a network's input.
    """
    scale = float(np.sqrt(np.abs(np.linalg.det(affine[:, :2]))))
    if scale * MOST_ENLARGED < 1.0:
        rgb, affine, scale = _shrunk(rgb, affine, side, int(1.0 / (scale * MOST_ENLARGED)) + 1)
    times = max(1, min(MOST_ENLARGED, int(np.ceil(1.0 / scale - 0.05))))
    # OpenCV counts from the middle of the first pixel.
    matrix = affine * times
    matrix[:, 2] += matrix[:, :2] @ [0.5, 0.5] - 0.5
    how = cv2.INTER_LINEAR if quick or times > 1 else cv2.INTER_LANCZOS4
    large = cv2.warpAffine(rgb, matrix, (side * times,) * 2, flags=how, borderMode=cv2.BORDER_REPLICATE)
    if times > 1:
        large = cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(large, np.uint8)


def _shrunk(rgb: Image, affine: Affine, side: int, times: int) -> tuple[Image, Affine, float]:
    """The part that is wanted at a fraction of its size, and the map from there."""
    corners = mapped([(0, 0), (side, 0), (0, side), (side, side)], inverse(affine))
    height, width = rgb.shape[:2]
    # With a margin of what one pixel is made of; beyond the picture there is nothing to shrink.
    left, top = np.clip(np.floor(corners.min(0)).astype(int) - 2 * times, 0, [width - 1, height - 1])
    right, bottom = np.clip(
        np.ceil(corners.max(0)).astype(int) + 2 * times, [left + 1, top + 1], [width, height]
    )
    part = rgb[top:bottom, left:right]
    size = (max(1, (right - left) // times), max(1, (bottom - top) // times))
    across, down = (right - left) / size[0], (bottom - top) / size[1]
    small = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    moved = np.column_stack([affine[:, :2] * [across, down], affine[:, :2] @ [left, top] + affine[:, 2]])
    return small, moved, float(np.sqrt(np.abs(np.linalg.det(moved[:, :2]))))
