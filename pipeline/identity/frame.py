"""Where the embedder's crop lies in a head that was framed around its face: no detector is needed.

Resampling along one side is a matrix; for a square window the same two matrices serve a whole batch, with any
library, with a gradient, and windows may begin and end between pixels.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from pipeline.identity.crops import FACE_SIDE

CUBIC_SHARPNESS: Final = -0.75  # as OpenCV's cubic, with which photographs' crops are enlarged


def _cubic(distance: np.ndarray) -> np.ndarray:
    """Keys' convolution kernel (1981): 1 at 0, 0 from 2 on."""
    a, x = CUBIC_SHARPNESS, np.abs(distance)
    near = (a + 2) * x**3 - (a + 3) * x**2 + 1
    far = a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a
    return np.where(x <= 1, near, np.where(x < 2, far, 0.0))


@cache
def resampling_matrix(source: int, start: float, end: float, target: int) -> np.ndarray:
    """What the ``target`` pixels of a window take of the ``source`` pixels of a side.

    Args:
        source: pixels of the whole side.
        start, end: the window as shares of the side; beyond 0 and 1 the edge is repeated.
        target: pixels of the window afterwards.

    Returns:
        float32 (target, source), rows sum to 1: cubic when enlarging, the mean of the covered pixels when
        shrinking.
    """
    edges = source * (start + (end - start) * np.arange(target + 1) / target)
    scale = source * (end - start) / target
    reach = int(np.ceil(max(scale, 1.0))) + 2
    low, high = int(np.floor(edges[0])) - reach, int(np.ceil(edges[-1])) + reach
    pixels = np.arange(low, high)
    if scale > 1.0:
        overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
        weights = np.clip(overlap, 0.0, None)
    else:
        centres = (edges[1:] + edges[:-1]) / 2
        weights = _cubic(centres[:, None] - (pixels[None] + 0.5))
    matrix = np.zeros((target, source))
    np.add.at(matrix.T, np.clip(pixels, 0, source - 1), weights.T)
    return np.asarray(matrix / matrix.sum(axis=1, keepdims=True), np.float32)


@dataclass(frozen=True, slots=True)
class Frame:
    """A square part of a square picture.

    Attributes:
        left, top, side: shares of the picture's side.
    """

    left: float
    top: float
    side: float

    def matrices(self, source: int, size: int) -> tuple[np.ndarray, np.ndarray]:
        """What rows and columns of the part at ``size`` take of those of a picture of ``source`` pixels a
        side: float32 (size, source) each. Cubic enlargement can overshoot the range a little."""
        rows = resampling_matrix(source, self.top, self.top + self.side, size)
        return rows, resampling_matrix(source, self.left, self.left + self.side, size)


WHOLE: Final = Frame(left=0.0, top=0.0, side=1.0)


def face_frame(*, side: float, centre_y: float) -> Frame:
    """Find the crop in pictures that were cut out around the face's box.

    Args:
        side: the picture's side in units of the box's longer side.
        centre_y: where the middle of the box lies, as a share of the picture's height from its top.
            (Both as a bundle's ``framing`` has them.)
    """
    share = FACE_SIDE / side
    return Frame(left=0.5 - share / 2, top=centre_y - share / 2, side=share)


# As `pipeline.faces.framing.HEAD` frames the heads of the models that ship.
HEAD_FACE: Final = face_frame(side=1.6, centre_y=0.56)
