"""The colours of hair, brows and skin, as numbers: what a network that was taught identity has unlearned."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from pipeline.faces.head import EYE_CORNERS, OVAL, Head
from pipeline.faces.lab import lab_of

BROWS: Final = ((70, 63, 105, 66, 107), (336, 296, 334, 293, 300))
CHEEKS: Final = (50, 280, 205, 425, 101, 330, 36, 266)
# Surely not wall; and pixels across of the square in which all are to be so.
PERSON: Final = 0.85
MARGIN: Final = 7
FEWEST: Final = 20
"""Pixels of a region; with fewer it counts as hairless: its colour is the skin's."""
PERCENTILES: Final = (10, 30, 50, 70, 90)
LIGHTNESSES: Final = np.linspace(5.0, 95.0, 10)
CHROMAS: Final = np.linspace(0.0, 40.0, 6)
HUES: Final = np.linspace(-np.pi, np.pi, 9)[:8]
GREY_CHROMA: Final = 3.5
"""A face whose skin has less has lost its colours: no living skin is as grey."""

REGIONS: Final = ("crown", "sides", "hairline", "brows")
# The skin; of each region size, percentiles, distance from the skin, spread and chroma; the histogram.
COLOURS: Final = (
    3 + len(REGIONS) * (1 + 3 * len(PERCENTILES) + 9) + len(LIGHTNESSES) * len(CHROMAS) + len(HUES)
)
"""Numbers that are measured."""

Lab = np.ndarray
"""Colours in L*a*b*, float32 (…, 3)."""


@dataclass(frozen=True, eq=False)
class Coloured:
    """Colours of a head.

    Attributes:
        signs: float32 (``COLOURS``,): of skin, crown, sides, hairline and brows.
        colourless: whether the picture is black and white.
    """

    signs: np.ndarray
    colourless: bool


def coloured(head: Head) -> Coloured:
    """Measure the colours of a head."""
    lab = lab_of(np.asarray(cv2.GaussianBlur(head.image, (0, 0), 1.0), np.uint8))
    skin = _skin(lab, head)
    crown, sides, hairline, brows = _regions(head)
    height = float(np.ptp(head.landmarks[list(OVAL), 1]))
    parts = [skin]
    for region in (crown, sides, hairline, brows):
        parts += [np.array([region.sum() / height**2]), _spread(_within(lab, region, skin), skin)]
    parts.append(_histogram(_within(lab, crown | sides, skin)))
    return Coloured(np.concatenate(parts).astype(np.float32), bool(np.hypot(skin[1], skin[2]) < GREY_CHROMA))


def _skin(lab: Lab, head: Head) -> Lab:
    x, y = np.clip(head.landmarks[list(CHEEKS)], 3, len(lab) - 4).astype(int).T
    around = [
        lab[row - 2 : row + 3, column - 2 : column + 3].reshape(-1, 3)
        for column, row in zip(x, y, strict=True)
    ]
    return np.asarray(np.median(np.concatenate(around), axis=0))


def _regions(head: Head) -> tuple[np.ndarray, ...]:
    """Masks: above the face, beside it, its upper edge, the brows."""
    marks = head.landmarks
    oval = marks[list(OVAL)]
    middle, height, top = oval.mean(0), float(np.ptp(oval[:, 1])), float(oval[:, 1].min())
    face = _hulls(head, middle + (oval - middle) * 1.02)
    y, x = np.mgrid[: face.shape[0], : face.shape[1]]
    near = np.hypot(x - middle[0], y - middle[1]) < 0.95 * height
    around = near & _person(head) & ~face
    forehead, cheek = top + 0.12 * height, marks[list(EYE_CORNERS), 1].mean() + 0.35 * height
    brows = _hulls(head, *(marks[list(brow)] for brow in BROWS))
    brows = cv2.dilate(brows.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return around & (y < forehead), around & (y >= forehead) & (y < cheek), face & (y < forehead), brows


def _person(head: Head) -> np.ndarray:
    """Surely not wall, and so far within that no blur brings its colour there."""
    return cv2.erode((head.alpha > PERSON).astype(np.uint8), np.ones((MARGIN, MARGIN), np.uint8)) > 0


def _hulls(head: Head, *groups: np.ndarray) -> np.ndarray:
    mask = np.zeros(head.alpha.shape, np.uint8)
    for points in groups:
        cv2.fillConvexPoly(mask, cv2.convexHull(points.astype(np.int32)), 1)
    return mask > 0


def _within(lab: Lab, region: np.ndarray, skin: Lab) -> Lab:
    found = lab[region]
    return found if len(found) >= FEWEST else np.repeat(skin[None], FEWEST, axis=0)


def _spread(colours: Lab, skin: Lab) -> np.ndarray:
    """How light and of what hue, as percentiles, and beside the skin."""
    steps = np.percentile(colours, PERCENTILES, axis=0)
    chroma = np.percentile(np.hypot(colours[:, 1], colours[:, 2]), (25, 50, 75))
    return np.concatenate([steps.ravel(), steps[2] - skin, colours.std(0), chroma])


def _histogram(colours: Lab) -> np.ndarray:
    """Shares of lightness by chroma, and of hues where there is chroma, without hard edges between."""
    chroma, hue = np.hypot(colours[:, 1], colours[:, 2]), np.arctan2(colours[:, 2], colours[:, 1])
    light = _shares(colours[:, 0], LIGHTNESSES, 9.0)
    joint = np.einsum("nl,nc->lc", light, _shares(chroma, CHROMAS, 7.0)) / len(colours)
    hues = np.exp(3 * (np.cos(hue[:, None] - HUES) - 1)) * (chroma / (chroma + 4))[:, None]
    return np.concatenate([np.sqrt(joint.ravel()), hues.mean(0)])


def _shares(values: np.ndarray, centres: np.ndarray, width: float) -> np.ndarray:
    near = np.exp(-0.5 * ((values[:, None] - centres) / width) ** 2)
    return np.asarray(near / near.sum(axis=1, keepdims=True))
