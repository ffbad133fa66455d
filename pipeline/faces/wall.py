"""One plain wall behind every head of a lineup."""

from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.faces.closed_form import foreground
from pipeline.faces.detector import Image
from pipeline.faces.head import Head

NEUTRAL: Final = (200, 203, 206)
"""A light neutral grey, RGB."""


def with_wall(head: Head, colour: tuple[int, int, int] = NEUTRAL) -> Head:
    """Put one plain colour behind a head; of the old wall nothing stays, not in its hair either.

    Args:
        colour: RGB, 0..255 each.

    Raises:
        ValueError: no such colour.
    """
    if len(colour) != 3 or not all(0 <= part <= 255 for part in colour):
        raise ValueError(f"A wall's colour is three numbers from 0 to 255, not {colour}.")
    front = foreground(head.image.astype(np.float32) / np.float32(255.0), head.alpha) * np.float32(255.0)
    return Head(composed(front, np.asarray(colour, np.float32), head.alpha), head.landmarks, head.alpha)


def composed(
    front: npt.NDArray[np.float32], back: npt.NDArray[np.float32], alpha: npt.NDArray[np.float32]
) -> Image:
    """uint8 (height, width, 3): ``front`` before ``back``, both 0..255."""
    mixed = back + (front - back) * alpha[..., None]
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
