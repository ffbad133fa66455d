"""Lightness divided into octaves of spatial frequency, which add up to it again.

Differences of Gaussians, as a Laplacian pyramid (Burt and Adelson 1983) without its subsampling: a gain at a
place of one octave changes nothing elsewhere and leaves no grid.
"""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.float32]
"""float32 (SIDE, SIDE)."""

SIGMAS: Final = (0.7, 1.4, 2.8, 5.6)
"""Deviations in pixels of the Gaussians between which the octaves lie."""
BANDS: Final = ("finest", "fine", "middle", "coarse")
"""Names of the octaves: about 64-128, 32-64, 16-32 and 8-16 cycles across a picture of 256 pixels."""


def octaves(plane: Plane) -> tuple[list[Plane], Plane]:
    """The octaves of ``plane``, finest first, and what is left below them; their sum is ``plane``."""
    parts, above = [], plane
    for sigma in SIGMAS:
        blurred = cv2.GaussianBlur(plane, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101)
        below = np.asarray(blurred, np.float32)
        parts.append(above - below)
        above = below
    return parts, above
