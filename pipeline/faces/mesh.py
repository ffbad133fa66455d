"""468 landmarks of a face: MediaPipe's face mesh.

Kartynnik et al. 2019, "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs".
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.faces import measures
from pipeline.faces.detector import Image
from pipeline.faces.head import Landmarks
from pipeline.faces.mediapipe import Network
from pipeline.faces.resampling import Affine, inverse, mapped, similarity, warped

SIDE: Final = 192
COUNT: Final = 468
# How much larger than the face's box the crop is that the network was trained to see.
ENLARGED: Final = 1.5
# Looks at a face: each crop is placed and turned by what the look before has found.
LOOKS: Final = 3

Box = tuple[float, float, float, float]
"""x, y, width, height in pixels."""


@dataclass(frozen=True, eq=False)
class FoundMesh:
    """What the network saw in one place.

    Attributes:
        landmarks: in pixels of the picture.
        presence: 0..1, how certain it is that a face is there at all.
    """

    landmarks: Landmarks
    presence: float


class FaceMesh:
    """Finds the landmarks of a face whose place is about known; 2 ms a look on one core."""

    def __init__(self, network: Network | None = None) -> None:
        self._network = network or Network("face_landmark")

    def find(self, rgb: Image, region: Box, *, roll: float = 0.0, looks: int = LOOKS) -> FoundMesh:
        """Find the face in and around ``region``, which may reach beyond the picture.

        Args:
            rgb: the picture.
            region: the face's box, as any detector gives it.
            roll: degrees by which the eyes' line falls to the right, as far as it is known.
            looks: how often to look; from the second time on at a crop turned upright by the eyes.
        """
        x, y, width, height = region
        centre = np.array([x + width / 2, y + height / 2])
        found = self._look(rgb, centre, max(width, height) * ENLARGED, np.radians(roll))
        for _ in range(looks - 1):
            found = self._look(rgb, *_around(found.landmarks))
        return found

    def _look(self, rgb: Image, centre: npt.NDArray[np.floating], side: float, turn: float) -> FoundMesh:
        affine: Affine = similarity(SIDE / max(side, 1e-3), -turn, centre, (SIDE / 2, SIDE / 2))
        crop = warped(rgb, affine, SIDE, quick=True).astype(np.float32) / np.float32(255.0)
        results = {result.size: result for result in self._network(crop[None])}
        points = results[COUNT * 3].reshape(COUNT, 3)[:, :2]
        return FoundMesh(mapped(points, inverse(affine)), float(_sigmoid(results[1].item())))


@cache
def face_mesh() -> FaceMesh:
    """The one of this process."""
    return FaceMesh()


def _around(landmarks: Landmarks) -> tuple[npt.NDArray[np.floating], float, float]:
    """Centre, side and turn (radians) of the crop for a face with these landmarks."""
    turn = float(np.radians(measures.roll(landmarks)))
    upright = mapped(landmarks, similarity(1.0, -turn, (0, 0), (0, 0)))
    low, high = upright.min(0), upright.max(0)
    centre = mapped([(low + high) / 2], similarity(1.0, turn, (0, 0), (0, 0)))[0]
    return centre, float((high - low).max()) * ENLARGED, turn


def _sigmoid(x: float) -> float:
    return float(1.0 / (1.0 + np.exp(-np.clip(x, -60.0, 60.0))))
