"""How sharp and how grainy a face's picture is, so that what is drawn on it is not sharper or smoother."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.hair import CHEEKS, around, beside_the_neck
from pipeline.faces.head import OVAL, SIDE, Head
from pipeline.gallery.blending.anatomy import EYE_OPENINGS

Floats = npt.NDArray[np.float32]

SHARPEST, SOFTEST = 0.35, 0.8
"""Standard deviations of the blur, in pixels, that are believed."""
DIFFERENCE: Final = 0.75
"""Variance, in square pixels, by which differences of neighbours but one blur an edge themselves."""
UNLIKE: Final = 3.2
"""Deviations from the cheeks' colours from which it is hair, not skin."""
SPREAD: Final = (13.0, 6.0, 7.0)
"""Standard deviations of skin in L*, a*, b* (of 8 bits) around the cheeks' median."""


def grey(image: npt.NDArray[np.uint8]) -> Floats:
    """Luma of a picture, float32 0..255."""
    return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)


def blur(head: Head) -> float:
    """Standard deviation of the picture's blur in pixels, by the steepest edges of the eyes.

    An edge of contrast c that is blurred by s is nowhere steeper than c / (s * sqrt(2 pi)).
    """
    light = grey(head.image)
    dx, dy = (cv2.Sobel(light, cv2.CV_32F, *by, ksize=1) / 2 for by in ((1, 0), (0, 1)))
    found = []
    for opening in EYE_OPENINGS:
        x, y, wide, high = cv2.boundingRect(np.rint(head.landmarks[list(opening)]).astype(np.int32))
        part = np.s_[max(y - 2, 0) : y + high + 2, max(x - 1, 0) : x + wide + 1]
        contrast = float(np.subtract(*np.percentile(light[part], (97, 3))))
        steepest = float(np.percentile(np.hypot(dx[part], dy[part]), 97))
        found.append(contrast / max(steepest * np.sqrt(2 * np.pi), 1e-3))
    return float(np.sqrt(np.clip(np.mean(found) ** 2 - DIFFERENCE, SHARPEST**2, SOFTEST**2)))


def grain(head: Head) -> float:
    """Standard deviation of the noise on the cheeks, 0..255."""
    light = grey(head.image)
    rough = (light - cv2.GaussianBlur(light, (0, 0), 1.0))[..., None]
    return float(min(np.median(np.abs(around(rough, head, CHEEKS))) * 1.4826, 4.0))


def skin(head: Head) -> Floats:
    """The cheeks' colour, RGB float32 (3,)."""
    return np.asarray(np.median(around(head.image.astype(np.float32), head, CHEEKS), 0), np.float32)


def hair_aside(head: Head) -> Floats:
    """0..1, float32 (SIDE, SIDE): where hair, or nothing, is beside the face: temples vanish under it."""
    lab = cv2.GaussianBlur(cv2.cvtColor(head.image, cv2.COLOR_RGB2LAB), (0, 0), 1.0).astype(np.float32)
    middle = np.median(around(lab, head, CHEEKS), 0)
    away = np.sqrt(np.square((lab - middle) / np.asarray(SPREAD, np.float32)).sum(2))
    unlike = np.clip((away - UNLIKE) / 1.5, 0.0, 1.0)
    inner = np.zeros((SIDE, SIDE), np.uint8)
    oval = head.landmarks[list(OVAL)]
    cv2.fillPoly(inner, [np.rint(oval.mean(0) + (oval - oval.mean(0)) * 0.9).astype(np.int32)], 1)
    unlike = np.where(inner > 0, 0.0, unlike)
    hidden = np.maximum.reduce([unlike, beside_the_neck(head) * (inner == 0), 1.0 - head.alpha])
    return np.asarray(cv2.GaussianBlur(hidden.astype(np.float32), (0, 0), 0.8), np.float32)
