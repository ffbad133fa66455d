"""Where the faces are: the detector's interface, and MTCNN behind it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.boxes import Candidates

Image: TypeAlias = npt.NDArray[np.uint8]
"""uint8 (height, width, 3), RGB."""

# MTCNN looks at every scale of the picture down to its 20-pixel face, so that its time grows with the area.
# A suspect's photograph shows one large face: 640 pixels are plenty. Only where they show
# nothing is a larger copy looked at.
LONGEST_SIDES: Final = (640, 1600)

# Pixels of those copies that are looked at together.
PIXELS_AT_ONCE: Final = 6_000_000

LANDMARKS: Final = ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right")


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
    """MTCNN on copies of the pictures of a size that shows their faces (see ``cascade``).

    OpenVINO is imported and the weights (2 MB) are read when the first picture comes.
    """

    def __init__(self) -> None:
        self._cascade: Any = None

    def detect(self, rgb: Image) -> list[Detection]:
        """Find the faces in ``rgb``, looking closer where a first look at a smaller copy shows none."""
        return self.detect_batch([rgb])[0]

    def detect_batch(self, rgbs: Sequence[Image], *, min_face: int = 1) -> list[list[Detection]]:
        found: list[list[Detection]] = [[] for _ in rgbs]
        left = list(range(len(rgbs)))
        for side in LONGEST_SIDES:
            for part in _parts(left, [min(rgb.size // 3, side * side) for rgb in rgbs]):
                for number, detections in zip(
                    part, self._look([rgbs[number] for number in part], side, min_face), strict=True
                ):
                    found[number] = detections
            left = [number for number in left if not found[number] and max(rgbs[number].shape[:2]) > side]
        return found

    def _look(self, rgbs: Sequence[Image], side: int, min_face: int) -> list[list[Detection]]:
        """Look at copies whose longer side has at most this many pixels."""
        if self._cascade is None:
            from pipeline.faces.cascade import Cascade
            from pipeline.faces.cascade_networks import CascadeNetworks

            self._cascade = Cascade(CascadeNetworks.load())
        scales = [min(1.0, side / max(rgb.shape[:2])) for rgb in rgbs]
        copies = [_reduced(rgb, scale) for rgb, scale in zip(rgbs, scales, strict=True)]
        faces = self._cascade.detect(copies, min_face=[min_face * scale for scale in scales])
        return [
            [detection for detection in _detections(found, copy, rgb) if detection.area]
            for found, copy, rgb in zip(faces, copies, rgbs, strict=True)
        ]


def _parts(numbers: Sequence[int], pixels: Sequence[int]) -> Iterator[list[int]]:
    """Cut a list of pictures into parts of about ``PIXELS_AT_ONCE`` pixels."""
    part: list[int] = []
    for number in numbers:
        if part and sum(pixels[other] for other in part) + pixels[number] > PIXELS_AT_ONCE:
            yield part
            part = []
        part.append(number)
    if part:
        yield part


def _reduced(rgb: Image, scale: float) -> Image:
    if scale == 1.0:
        return rgb
    height, width = rgb.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def _detections(found: Candidates, copy: Image, rgb: Image) -> Iterator[Detection]:
    """Map faces found in a copy back to the picture and keep their boxes inside."""
    size = np.array([rgb.shape[1], rgb.shape[0]])
    scale = size / [copy.shape[1], copy.shape[0]]
    last_pixel = np.array([copy.shape[1] - 1, copy.shape[0] - 1])
    for box, score, points in zip(found.boxes, found.scores, found.landmarks, strict=True):
        first, last = (np.clip(corner, 0, last_pixel) * scale for corner in (box[:2], box[2:]))
        corner = np.rint(first).astype(int)
        width, height = np.minimum(np.rint(last - first).astype(int), size - corner)
        landmarks = {
            name: (round(float(x)), round(float(y)))
            for name, (x, y) in zip(LANDMARKS, points * scale, strict=True)
        }
        yield Detection((int(corner[0]), int(corner[1]), int(width), int(height)), float(score), landmarks)
