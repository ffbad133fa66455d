"""Where on a face glasses sit: from millimetres of the front to pixels of the picture."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.faces import measures
from pipeline.faces.head import EYE_CORNERS, Landmarks
from pipeline.gallery.wearing.outline import WRAP, Points

NASION: Final = 168
TEMPLES: Final = (127, 356)
"""Where the face ends at the eyes' height, the picture's left first."""
BROWS: Final = (105, 334)

# Millimetres: between the pupils, and across the face at the temples.
PUPILS, ACROSS = 63.0, 141.0
BEFORE: Final = 14.0
"""How far before the eyes the lenses are."""
FAR: Final = 900.0
"""Millimetres to the camera: what is nearer looks larger."""

Pixels = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """Glasses on a face.

    Attributes:
        middle: between the lenses, at the pupils' height: x, y in pixels.
        scale: pixels a millimetre.
        yaw: radians by which the face looks to the picture's right.
        roll: radians by which the eyes' line falls to the picture's right.
        temples: where the temples of the glasses reach the ears or the hair, float (2, 2), left first.
    """

    middle: Pixels
    scale: float
    yaw: float
    roll: float
    temples: Pixels

    @classmethod
    def to(cls, landmarks: Landmarks) -> "Fit":
        """How they sit on whoever has these landmarks."""
        marks = landmarks.astype(float)
        yaw = float(np.radians(measures.yaw(landmarks)))
        eyes = marks[list(EYE_CORNERS)].reshape(2, 2, 2).mean(1)
        across = eyes[1] - eyes[0]
        by_eyes = float(np.hypot(*across)) / (PUPILS * np.cos(yaw))
        ends = marks[list(TEMPLES)]
        by_width = float(np.hypot(*(ends[1] - ends[0]))) / ACROSS
        scale = float(0.3 * by_eyes + 0.7 * by_width)
        middle = eyes.mean(0)
        aside = 0.5 * (BEFORE * scale * np.sin(yaw)) + 0.5 * (marks[NASION, 0] - middle[0])
        return cls(
            middle + np.array([aside, 0.0]),
            scale,
            yaw,
            float(np.arctan2(across[1], across[0])),
            _ears(ends, scale),
        )

    def placed(self, points: Points, side: float) -> Pixels:
        """Points of one half of the front in the picture.

        Args:
            points: millimetres.
            side: -1 for the half on the picture's left, 1 for that on its right.
        """
        x, y = points[:, 0] * side, points[:, 1]
        behind = -WRAP * x**2
        near = 1.0 + (x * -np.sin(self.yaw) + behind * np.cos(self.yaw)) / FAR
        seen = np.stack([(x * np.cos(self.yaw) + behind * np.sin(self.yaw)) * near, y * near], 1)
        cos, sin = np.cos(self.roll), np.sin(self.roll)
        return np.asarray(self.middle + self.scale * seen @ np.array([[cos, sin], [-sin, cos]]))


def _ears(ends: Pixels, scale: float) -> Pixels:
    """Just outside the face, a little above the eyes' corners."""
    return np.asarray(ends + np.array([[-1.5, 0.0], [1.5, 0.0]]) * scale)
