"""Where the faces are: the detector's interface, and MTCNN behind it."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Image: TypeAlias = npt.NDArray[np.uint8]
"""uint8 (height, width, 3), RGB."""

# MTCNN looks at every scale of the picture down to its 20-pixel face, so that its time grows with the area.
# A suspect's photograph shows one large face: 640 pixels are plenty. Only where they show
# nothing is a larger copy looked at.
LONGEST_SIDES: Final = (640, 1600)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Detection:
    """One face.

    Attributes:
        box: x, y, width, height in pixels of the picture; inside the picture.
        confidence: 0..1.
        landmarks: name -> (x, y) in pixels; "left" is the picture's left.
    """

    box: tuple[int, int, int, int]
    confidence: float
    landmarks: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def area(self) -> int:
        """Pixels in the box."""
        return self.box[2] * self.box[3]


class Detector(Protocol):
    """Anything that finds faces."""

    def detect(self, rgb: Image) -> list[Detection]:
        """Find the faces in ``rgb``, in no particular order; an empty list where there is none."""
        ...


class BatchDetector(Detector, Protocol):
    """A detector that is faster with many pictures at once."""

    def detect_batch(self, rgbs: Sequence[Image], *, min_face: int = 1) -> list[list[Detection]]:
        """As ``detect`` for each picture.

        Args:
            rgbs: pictures of any sizes.
            min_face: faces with fewer pixels across or down are of no interest; finding them all the same is
                allowed, missing one that is larger because others are not is not.
        """
        ...


class MTCNNDetector:
    """Zhang et al. 2016, "Joint face detection and alignment using multi-task cascaded networks".

    TensorFlow is imported and the weights (2 MB, in the package) are read when the first picture comes.
    """

    def __init__(self) -> None:
        self._network: Any = None

    def detect(self, rgb: Image) -> list[Detection]:
        """Find the faces in ``rgb``, looking closer where a first look at a smaller copy shows none."""
        longest = max(rgb.shape[:2])
        for side in LONGEST_SIDES:
            found = self._look(rgb, min(1.0, side / longest))
            if found or side >= longest:
                break
        return found

    def detect_batch(self, rgbs: Sequence[Image], *, min_face: int = 1) -> list[list[Detection]]:
        """See ``BatchDetector``."""
        del min_face
        return [self.detect(rgb) for rgb in rgbs]

    def _look(self, rgb: Image, scale: float) -> list[Detection]:
        height, width = rgb.shape[:2]
        small = rgb
        if scale < 1.0:
            size = (max(1, round(width * scale)), max(1, round(height * scale)))
            small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
        if self._network is None:
            from mtcnn import MTCNN

            self._network = MTCNN()
        try:
            faces = self._network.detect_faces(small)
        except ValueError as error:
            # The package trips over some pictures in which one of its stages leaves no candidate.
            logger.warning("The face detector found no candidate: %s", error)
            return []
        detections = (_detection(face, scale=scale, width=width, height=height) for face in faces)
        return [detection for detection in detections if detection.area]


def _detection(face: Mapping[str, Any], *, scale: float, width: int, height: int) -> Detection:
    """Map a face of MTCNN's, found at ``scale``, back to the picture and keep its box inside."""
    x, y, w, h = face["box"]
    left, right = (min(max(round(edge / scale), 0), width) for edge in (x, x + w))
    top, bottom = (min(max(round(edge / scale), 0), height) for edge in (y, y + h))
    landmarks = {
        name: (round(int(px) / scale), round(int(py) / scale)) for name, (px, py) in face["keypoints"].items()
    }
    box = (left, top, max(right - left, 0), max(bottom - top, 0))
    return Detection(box, float(face["confidence"]), landmarks)
