"""Heads drawn with a brush, of nobody: where each pixel came from can be read off its colour."""

from typing import Any, Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.head import EYE_LINE, OVAL, SIDE, Head, Landmarks
from pipeline.gallery.blending.anatomy import BROWS, EYE_OPENINGS, LIPS, MIRROR

Colour: TypeAlias = tuple[int, int, int]
"""RGB, 0..255."""
MIDDLE: Final = SIDE / 2
EYES_AT: Final = EYE_LINE * SIDE


def _half() -> dict[int, tuple[float, float]]:
    """Where landmarks of one half lie, in half widths of the face: across, and down from the eyes."""
    return {
        10: (0.0, -0.76), 109: (0.2, -0.75), 67: (0.4, -0.73), 103: (0.6, -0.68), 54: (0.76, -0.58),
        21: (0.86, -0.42), 162: (0.92, -0.22), 127: (0.96, 0.02), 234: (0.97, 0.26), 93: (0.96, 0.46),
        132: (0.93, 0.68), 58: (0.86, 0.94), 172: (0.76, 1.14), 136: (0.64, 1.3), 150: (0.5, 1.42),
        149: (0.38, 1.5), 176: (0.25, 1.56), 148: (0.12, 1.6), 152: (0.0, 1.62),
        151: (0.0, -0.5), 108: (0.22, -0.5), 69: (0.43, -0.5), 104: (0.64, -0.45), 68: (0.77, -0.35),
        71: (0.86, -0.24), 139: (0.9, -0.1), 143: (0.87, 0.1), 34: (0.95, 0.1), 227: (0.96, 0.26),
        111: (0.8, 0.2), 116: (0.87, 0.25), 117: (0.73, 0.25), 118: (0.62, 0.28), 101: (0.49, 0.35),
        100: (0.35, 0.3), 121: (0.26, 0.18), 188: (0.14, 0.13), 197: (0.0, 0.15), 6: (0.0, 0.05),
        122: (0.08, 0.1), 47: (0.26, 0.26), 142: (0.34, 0.42), 203: (0.38, 0.6), 98: (0.26, 0.63),
        97: (0.11, 0.67), 2: (0.0, 0.68), 205: (0.58, 0.6), 207: (0.65, 0.74), 214: (0.66, 0.97),
        135: (0.68, 1.14), 50: (0.69, 0.47), 123: (0.88, 0.44), 36: (0.44, 0.5), 198: (0.2, 0.4),
        3: (0.07, 0.29), 195: (0.0, 0.28), 4: (0.0, 0.5), 5: (0.0, 0.4), 1: (0.0, 0.6),
        9: (0.0, -0.25), 8: (0.0, -0.14), 168: (0.0, -0.04),
        70: (0.8, -0.18), 63: (0.71, -0.25), 105: (0.57, -0.28), 66: (0.4, -0.27), 107: (0.2, -0.25),
        55: (0.17, -0.14), 65: (0.38, -0.2), 52: (0.54, -0.2), 53: (0.66, -0.18), 46: (0.75, -0.14),
        33: (0.63, 0.02), 246: (0.61, -0.01), 161: (0.58, -0.03), 160: (0.53, -0.05), 159: (0.46, -0.06),
        158: (0.39, -0.06), 157: (0.32, -0.03), 173: (0.28, 0.01), 133: (0.26, 0.03), 155: (0.27, 0.04),
        154: (0.31, 0.05), 153: (0.37, 0.06), 145: (0.44, 0.06), 144: (0.51, 0.06), 163: (0.56, 0.05),
        7: (0.6, 0.04), 48: (0.29, 0.55), 64: (0.3, 0.58), 165: (0.32, 0.75), 206: (0.49, 0.69),
        216: (0.57, 0.79), 212: (0.58, 0.94), 210: (0.57, 1.14), 32: (0.33, 1.36), 147: (0.87, 0.61),
        187: (0.76, 0.66), 126: (0.26, 0.35), 164: (0.0, 0.74), 0: (0.0, 0.86), 13: (0.0, 0.92),
        14: (0.0, 0.97), 17: (0.0, 1.1), 18: (0.0, 1.19), 200: (0.0, 1.28), 199: (0.0, 1.4),
        61: (0.43, 0.93), 185: (0.4, 0.9), 40: (0.33, 0.88), 39: (0.26, 0.87), 37: (0.13, 0.85),
        146: (0.39, 0.98), 91: (0.32, 1.03), 181: (0.23, 1.08), 84: (0.12, 1.1), 78: (0.39, 0.93),
    }  # fmt: skip


def landmarks(
    *, width: float = 50.0, height: float = 50.0, mouth: float = 1.0, nose: float = 0.0
) -> Landmarks:
    """A face of half a width and of a height (both in pixels), with a wider mouth, a nose to the side."""
    places = np.full((468, 2), np.nan)
    for mark, (across, down) in _half().items():
        wide = across * (mouth if mark in LIPS else 1.0)
        places[mark] = MIDDLE - wide * width, EYES_AT + down * height
        places[MIRROR[mark]] = MIDDLE + wide * width, EYES_AT + down * height
    unknown = np.flatnonzero(np.isnan(places[:, 0]))
    # The rest of the mesh, spread over the cheeks and the forehead and alike on both sides.
    for number, mark in enumerate(unknown.tolist()):
        if MIRROR[mark] >= mark:
            across = 0.0 if MIRROR[mark] == mark else 0.3 + 0.5 * (number * 0.618 % 1)
            down = -0.4 + 1.5 * (number * 0.381 % 1)
            places[mark] = MIDDLE - across * width, EYES_AT + down * height
            places[MIRROR[mark]] = MIDDLE + across * width, EYES_AT + down * height
    places[[1, 4, 5, 195]] += (nose, 0)
    return places.astype(np.float32)


def head(
    colour: Colour,
    marks: Landmarks | None = None,
    *,
    hair: Colour = (40, 30, 25),
    wall: Colour = (90, 120, 220),
    pupils: Colour | None = None,
    lips: Colour | None = None,
    fringe: float = 0.0,
) -> Head:
    """A head of plain skin under hair before a wall.

    Args:
        pupils: colour of the whole eye openings, and ``lips`` of the mouth; skin where None.
        fringe: how far down from the hairline to the brows hair reaches, 0..1.
    """
    marks = landmarks() if marks is None else marks
    image = np.full((SIDE, SIDE, 3), wall, np.uint8)
    alpha = np.zeros((SIDE, SIDE), np.uint8)
    outline = marks[list(OVAL)]
    middle = outline.mean(axis=0)

    def paint(points: npt.NDArray[Any], shade: Colour, *, solid: bool = False) -> None:
        polygon = [np.round(points).astype(np.int32)]
        cv2.fillPoly(image, polygon, shade)
        if solid:
            cv2.fillPoly(alpha, polygon, 255)

    around = middle + (outline - middle) * 1.3
    neck = np.array([(MIDDLE - 34, 170), (MIDDLE + 33, 170), (MIDDLE + 60, SIDE), (MIDDLE - 61, SIDE)])
    paint(around[around[:, 1] < middle[1] + 20], hair, solid=True)
    paint(neck, colour, solid=True)
    paint(outline, colour, solid=True)
    if fringe:
        top, brow = outline[:, 1].min(), marks[BROWS[0][0], 1] - 8
        over = outline.copy()
        over[:, 1] = np.minimum(over[:, 1], top + fringe * (brow - top))
        paint(over, hair)
    for parts, shade in ((EYE_OPENINGS, pupils), ((LIPS,), lips)):
        for part in parts:
            if shade is not None:
                paint(marks[list(part)], shade)
    return Head(image, marks, alpha.astype(np.float32) / np.float32(255))
