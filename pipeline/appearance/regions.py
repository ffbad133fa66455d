"""Parts of a head's picture in which looks are measured: face, flat skin, hair, wall."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.head import OVAL, SIDE, Head, Landmarks
from pipeline.faces.lab import Lab

Mask = npt.NDArray[np.bool_]
"""bool (SIDE, SIDE)."""

EYES_AND_BROWS: Final = (
    (33, 133, 159, 145, 70, 63, 105, 66, 107, 55, 46),
    (362, 263, 386, 374, 300, 293, 334, 296, 336, 285, 276),
)
MOUTH: Final = (61, 291, 0, 17, 37, 267, 84, 314, 40, 270, 91, 321)
NOSE: Final = (1, 2, 98, 327, 64, 294, 4)
CHEEKS: Final = (50, 280, 205, 425, 101, 330, 36, 266, 117, 346)
FOREHEAD: Final = (151, 9, 108, 337, 69, 299)
CHIN: Final = 152

# Pixels of SIDE by which the face's outline is drawn in for skin: a landmark is some two pixels off.
RIM: Final = 9
# Around eyes, brows, nostrils and lips, their edges and shadows are no skin.
AROUND: Final = 9
# Lab distance from the cheeks' median beyond which a place is hair, glasses or a shadow rather than skin.
SKIN_LIKE: Final = 16.0
# A place this opaque is the person alone, this transparent the wall alone.
SOLID: Final = 0.95
CLEAR: Final = 0.02


@dataclass(frozen=True, eq=False)
class Regions:
    """Where things are.

    Attributes:
        face: within the outline of the landmarks.
        skin: of the face, away from features, shadows, hair and glasses; may be empty.
        features: eyes, brows, nose and lips with their surroundings.
        hair: the person outside the face and above the chin: hair, ears, a bald head.
        wall: where nothing of the person is.
    """

    face: Mask
    skin: Mask
    features: Mask
    hair: Mask
    wall: Mask


def regions_of(head: Head, lab: Lab) -> Regions:
    """The regions of ``head``, whose picture ``lab`` is."""
    points = head.landmarks
    face = _filled(points[list(OVAL)])
    features = np.zeros_like(face)
    for group in (*EYES_AND_BROWS, MOUTH, NOSE):
        features |= _grown(_filled(_hull(points[list(group)])), AROUND)
    features &= face
    skin = ~_grown(~face, 2 * RIM + 1) & ~features
    above = np.arange(SIDE)[:, None] < points[CHIN, 1]
    return Regions(
        face=face,
        skin=skin & _skin_like(lab, points),
        features=features,
        hair=(head.alpha > SOLID) & ~_grown(face, 5) & above,
        wall=head.alpha < CLEAR,
    )


def patch(points: Landmarks, marks: tuple[int, ...], radius: int = 3) -> Mask:
    """Squares of ``2 * radius + 1`` pixels around landmarks, inside the picture."""
    mask = np.zeros((SIDE, SIDE), bool)
    for x, y in np.clip(points[list(marks)].round().astype(int), radius, SIDE - 1 - radius):
        mask[y - radius : y + radius + 1, x - radius : x + radius + 1] = True
    return mask


def _skin_like(lab: Lab, points: Landmarks) -> Mask:
    smooth = cv2.GaussianBlur(lab, (0, 0), 1.5)
    usual = np.median(lab[patch(points, CHEEKS)], axis=0)
    # Light falls off over a face, its hue does not.
    away = (smooth - usual) * np.array([0.6, 1.0, 1.0], np.float32)
    return np.asarray(np.einsum("ijk,ijk->ij", away, away) < SKIN_LIKE**2)


def _hull(points: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.convexHull(points)[:, 0], np.float32)


def _filled(points: npt.NDArray[np.float32]) -> Mask:
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(mask, [points.round().astype(np.int32)], 1)
    return mask.astype(bool)


def _grown(mask: Mask, size: int) -> Mask:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return cv2.dilate(mask.astype(np.uint8), kernel).astype(bool)
