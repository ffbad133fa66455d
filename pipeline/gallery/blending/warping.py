"""Bringing a head into another shape: every landmark to its place, smoothly in between."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from scipy.interpolate import LinearNDInterpolator

from pipeline.faces.head import SIDE, Landmarks
from pipeline.gallery.blending.anatomy import ring
from pipeline.gallery.blending.planes import Floats

Map: TypeAlias = Floats
"""float32 (SIDE, SIDE, 2): where in a head's picture each pixel comes from: x, y."""

REACH: Final = 1.35
"""Hair and neck move with the face up to its outline so many times as large, and stay beyond it."""
CELLS: Final = 64
# In cells: takes the creases off the edges of triangles.
SMOOTH: Final = 0.7
_EDGE: Final = (0.0, SIDE / 2, SIDE - 1.0)
BORDER: Final = np.array([(x, y) for x in _EDGE for y in _EDGE if (x, y) != (SIDE / 2, SIDE / 2)], np.float32)


def maps_to(target: Landmarks, heads: Sequence[Landmarks], *, outline_of: int = 0) -> list[Map]:
    """How each head is read so that its landmarks come to lie on ``target``.

    Piecewise linear over the triangles of the landmarks, a ring around them and the picture's border, found
    on a grid of ``CELLS`` and smoothed.

    Args:
        outline_of: the head that stays as it is beyond ``REACH``; others follow its ring.
    """
    outer = ring(heads[outline_of], REACH)
    goals = np.concatenate([target, outer, BORDER])
    moves = np.concatenate(
        [np.concatenate([marks, ring(marks, REACH), BORDER]) - goals for marks in heads], axis=1
    )
    line = np.linspace(0, SIDE - 1, CELLS + 1)
    x, y = np.meshgrid(line, line)
    found = LinearNDInterpolator(goals.astype(np.float64), moves)(x, y)
    found = np.nan_to_num(found).astype(np.float32)
    place = np.arange(SIDE, dtype=np.float32) * np.float32(CELLS / (SIDE - 1))
    across, down = np.meshgrid(place, place)
    here = np.stack(np.meshgrid(*[np.arange(SIDE, dtype=np.float32)] * 2), axis=-1)
    maps = []
    for number in range(len(heads)):
        move = np.ascontiguousarray(found[..., 2 * number : 2 * number + 2])
        move = cv2.GaussianBlur(move, (0, 0), SMOOTH, borderType=cv2.BORDER_REPLICATE)
        maps.append(np.asarray(here + cv2.remap(move, across, down, cv2.INTER_LINEAR), np.float32))
    return maps


def warped(picture: npt.NDArray[Any], read: Map) -> npt.NDArray[Any]:
    """A picture (SIDE, SIDE, ...) read by a map; beyond its edge the edge is repeated."""
    return np.asarray(
        cv2.remap(picture, read[..., 0], read[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    )
