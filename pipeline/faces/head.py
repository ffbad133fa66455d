"""A head in the frame that all members of a photographic lineup share: one size, one eye line."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.faces.detector import Image

Landmarks = npt.NDArray[np.float32]
"""float32 (468, 2): x, y in pixels, in the order of MediaPipe's face mesh."""

SIDE: Final = 256
"""Pixels of a head's picture, across and down."""
EYE_LINE: Final = 0.47
"""Where the middle between the eyes lies, as a share of the side from the top; across, in the middle."""
FACE: Final = 0.39
"""Square root of the area within the face's outline (``OVAL``), as a share of the side."""

EYE_CORNERS: Final = (33, 133, 362, 263)
"""Landmarks whose mean is the middle between the eyes; the first two are of the eye on the picture's left."""
OVAL: Final = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
"""Landmarks around the face, from the top of the forehead clockwise."""


@dataclass(frozen=True, eq=False)
class Head:
    """An upright head: of a portrait, of a suspect's photograph, or of nobody.

    Attributes:
        image: uint8 (SIDE, SIDE, 3), RGB: the middle between the eyes at half the width and ``EYE_LINE``, the
            eyes level, the face of the size ``FACE``.
        landmarks: in pixels of ``image``.
        alpha: float32 (SIDE, SIDE), 0..1: 1 where there is head or body, 0 where there is wall.
    """

    image: Image
    landmarks: Landmarks
    alpha: npt.NDArray[np.float32]
