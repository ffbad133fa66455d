"""What of a head decides with whom it can be mixed: pose, tone, light, expression, sharpness."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.faces.head import EYE_CORNERS, SIDE, Head, Landmarks
from pipeline.faces.lab import lab_of
from pipeline.faces.measures import eye_openings, mouth_gap
from pipeline.gallery.blending.anatomy import BROWS, MIRROR, features, filled, hull
from pipeline.gallery.blending.planes import Floats, Mask, blurred, fine
from pipeline.gallery.blending.skin import free_of_hair

_HALF: Final = (
    108,
    69,
    50,
    205,
    101,
    36,
    118,
    187,
    207,
    203,
    206,
    216,
    32,
    210,
    212,
    214,
    165,
    126,
    147,
    131,
    198,
)
_MIDDLE: Final = (151, 9, 195, 4, 164, 18, 200, 199)
PLACES: Final = (*_HALF, *(MIRROR[mark] for mark in _HALF), *_MIDDLE)
"""Landmarks on skin, over the whole face."""
_JAW: Final = (187, 207, 203, 206, 216, 32, 210, 212, 214, 165, 147)
JAW: Final = [PLACES.index(mark) for mark in (*_JAW, *(MIRROR[mark] for mark in _JAW), 164, 18, 200, 199)]
"""Which of the places a beard covers, or its shadow."""
_TURNED: Final = [PLACES.index(MIRROR[mark]) for mark in PLACES]
# Fitted on the poses that MediaPipe gives 1,397 portraits; residuals 0.6 and 2.7 degrees.
DEGREES_OF_YAW: Final = 70.7
DEGREES_OF_PITCH: Final = (34.8, -269.2, -84.0, 19.5)


@dataclass(frozen=True, eq=False)
class Traits:
    """Measures of one head.

    Attributes:
        yaw, pitch: degrees; the face turned to the picture's right, up.
        tone: float64 (3,), the skin's L*a*b*.
        shading: float64 (n, 3), how the skin at ``PLACES`` differs from ``tone``: light, shadows, beard.
        gap: height of the mouth's opening as a share of its width.
        eyes: height of the narrower eye's opening as a share of its width.
        sharpness: strength of the finest detail of eyes, brows and lips, in L*.
        brows: how much darker the brows are than the skin, L*.
        covered: share of the band above the brows that hair covers.
    """

    yaw: float
    pitch: float
    tone: npt.NDArray[np.float64]
    shading: npt.NDArray[np.float64]
    gap: float
    eyes: float
    sharpness: float
    brows: float
    covered: float

    def mirrored(self) -> "Traits":
        """Of the mirrored picture."""
        return replace(self, yaw=-self.yaw, shading=self.shading[_TURNED])


def traits_of(head: Head) -> Traits:
    """Measure a head."""
    lab = lab_of(head.image)
    marks = head.landmarks
    samples = _samples(lab, marks)
    tone = np.median(samples, axis=0)
    return Traits(
        *pose(marks), tone, samples - tone, mouth_gap(marks), min(eye_openings(marks)),
        _sharpness(lab[..., 0], marks), _brows(lab[..., 0], marks),
        covered(free_of_hair(lab, head.alpha, marks), marks),
    )  # fmt: skip


def pose(marks: Landmarks) -> tuple[float, float]:
    """Yaw and pitch in degrees, roughly, from landmarks alone."""
    points = marks.astype(np.float64)
    left, right = points[234], points[454]
    width = right[0] - left[0]
    eye_line = points[list(EYE_CORNERS), 1].mean()
    yaw = DEGREES_OF_YAW * (points[1, 0] - (left[0] + right[0]) / 2) / width
    nose, under, ears = points[1, 1], points[2, 1], (left[1] + right[1]) / 2
    measures = (nose - eye_line, under - nose, ears - eye_line, width)
    return float(yaw), float(np.dot(DEGREES_OF_PITCH, measures) / width)


def _samples(lab: Floats, marks: Landmarks) -> npt.NDArray[np.float64]:
    soft = blurred(lab, 2.0)
    x, y = np.clip(np.round(marks[list(PLACES)]).astype(int), 0, SIDE - 1).T
    return np.asarray(soft[y, x], np.float64)


def _sharpness(light: Floats, marks: Landmarks) -> float:
    return float(np.abs(fine(light, 1.2)[features(marks) > 0.5]).mean())


def covered(bare: Mask, landmarks: Landmarks) -> float:
    """Share of the band above the brows that hair covers."""
    band = filled(landmarks[[63, 105, 66, 107, 9, 336, 296, 334, 293, 333, 299, 337, 151, 108, 69, 104]])
    return float(((1 - bare) * band).sum() / max(float(band.sum()), 1.0))


def sides(traits: Traits) -> float:
    """How much lighter the face is on the picture's left than on its right, L*."""
    half = len(_HALF)
    light = traits.shading[:, 0]
    return float(light[:half].mean() - light[half : 2 * half].mean())


def _brows(light: Floats, marks: Landmarks) -> float:
    """Of the darker half of the brows against the skin above and between them."""
    dark = [light[hull(marks[list(brow)]) > 0.5] for brow in BROWS]
    x, y = np.clip(np.round(marks[[9, 108, 337, 69, 299]]).astype(int), 0, SIDE - 1).T
    return float(np.median(light[y, x]) - np.percentile(np.concatenate(dark), 30))


def unevenness(traits: Traits) -> float:
    """How much places differ from those across the face, L*; a tenth of them differ more."""
    differences = np.abs(traits.shading[:, 0] - traits.shading[_TURNED, 0])
    return float(np.percentile(differences, 90))
