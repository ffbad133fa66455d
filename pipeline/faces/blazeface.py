"""A detector without TensorFlow: BlazeFace says where a face may be, the face mesh whether it is one.

Bazarevsky et al. 2019, "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs". The network sees
faces that fill a good part of its 128 pixels. So the picture is looked at as a whole, then through smaller
and smaller windows, until those in which a second face as large as the largest found would be plain.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces import measures
from pipeline.faces.detector import Detection, Image
from pipeline.faces.head import EYE_CORNERS, OVAL, Landmarks
from pipeline.faces.mediapipe import Network
from pipeline.faces.mesh import LOOKS, FaceMesh, face_mesh
from pipeline.faces.resampling import mapped, similarity
from pipeline.faces.window import Window

SIDE: Final = 128
# Cells across and anchors in each, of the network's two grids; an anchor lies in its cell's middle.
GRIDS: Final = ((16, 2), (8, 6))
# The network's own score from which the mesh is asked. It is the mesh that decides.
LEAST_SCORE: Final = 0.4
# Candidates that share this much of what both cover are one; so are faces that share this of the smaller.
SAME, SAME_FACE = 0.3, 0.5
# Each window is half as wide as those before, and the next one lies half a window further on.
LEVELS: Final = 5
LEAST_WINDOW: Final = 96
# A face is plain to the network in windows of up to so many times its side.
PLAIN: Final = 5.0
# A face fills this much of the smallest window in which it is found.
LARGEST_SHARE: Final = 0.6
LEAST_PRESENCE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A box, x, y, width, height, and how far the eyes' line falls to the right (degrees)."""

    box: tuple[float, float, float, float]
    score: float
    roll: float


class BlazeFaceDetector:
    """Finds faces, in some 25 ms in a portrait; its boxes are as large as MTCNN's (see ``_box``)."""

    def __init__(self, network: Network | None = None, mesh: FaceMesh | None = None) -> None:
        self._network = network or Network("face_detection_short_range")
        self._mesh = mesh or face_mesh()

    def detect(self, rgb: Image) -> list[Detection]:
        return self.detect_batch([rgb])[0]

    def detect_batch(self, rgbs: Sequence[Image], *, min_face: int = 1) -> list[list[Detection]]:
        """See ``BatchDetector``; one after another, since the network takes one picture at a time."""
        return [self._find(rgb, min_face) for rgb in rgbs]

    def _find(self, rgb: Image, min_face: int) -> list[Detection]:
        found: list[Detection] = []
        for windows in _levels(*rgb.shape[1::-1]):
            side = windows[0].width
            if side * LARGEST_SHARE < min_face or (found and side < PLAIN * max(map(_longer, found))):
                break
            for candidate in _thinned(list(self._look(rgb, windows))):
                face = self._face(rgb, candidate)
                if face is not None:
                    found.append(face)
            found = _each_once(found)
        return found

    def _look(self, rgb: Image, windows: Sequence[Window]) -> Iterator[Candidate]:
        """What may be a face in windows of one size, which may reach beyond the picture (black there)."""
        scale = SIDE / windows[0].width
        size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
        copy = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        for window in windows:
            left, top = round(window.left * scale), round(window.top * scale)
            canvas = np.zeros((SIDE, SIDE, 3), np.uint8)
            part = copy[max(top, 0) : top + SIDE, max(left, 0) : left + SIDE]
            y, x = max(-top, 0), max(-left, 0)
            part = part[: SIDE - y, : SIDE - x]
            canvas[y : y + part.shape[0], x : x + part.shape[1]] = part
            yield from self._seen(canvas, window)

    def _seen(self, canvas: Image, window: Window) -> Iterator[Candidate]:
        side = window.width
        results = {result.shape[-1]: result[0] for result in self._network(_normal(canvas))}
        scores = 1.0 / (1.0 + np.exp(-np.clip(results[1][:, 0], -60.0, 60.0)))
        for number in np.flatnonzero(scores > LEAST_SCORE):
            raw = results[16][number].reshape(8, 2).astype(float)
            # Centre and points are shares of the window away from the anchor.
            points = (raw[[0, 2, 3]] / SIDE + ANCHORS[number]) * side + [window.left, window.top]
            width, height = raw[1] / SIDE * side
            across = points[2] - points[1]
            yield Candidate(
                (
                    float(points[0, 0] - width / 2),
                    float(points[0, 1] - height / 2),
                    float(width),
                    float(height),
                ),
                float(scores[number]),
                float(np.degrees(np.arctan2(across[1], across[0]))),
            )

    def _face(self, rgb: Image, candidate: Candidate) -> Detection | None:
        for looks in (1, LOOKS):  # most of what is no face shows that at once
            mesh = self._mesh.find(rgb, candidate.box, roll=candidate.roll, looks=looks)
            if mesh.presence < LEAST_PRESENCE:
                return None
        box = _inside(_box(mesh.landmarks), *rgb.shape[1::-1])
        if not box[2] or not box[3]:
            return None
        return Detection(box, mesh.presence, _five(mesh.landmarks))


def _anchors() -> npt.NDArray[np.float64]:
    """float64 (896, 2): x, y of each anchor as shares of the window."""
    anchors = []
    for cells, each in GRIDS:
        middles = (np.arange(cells) + 0.5) / cells
        grid = np.stack(np.meshgrid(middles, middles), -1).reshape(-1, 2)
        anchors.append(np.repeat(grid, each, axis=0))
    return np.concatenate(anchors)


ANCHORS: Final = _anchors()


def _normal(canvas: Image) -> npt.NDArray[np.float32]:
    return np.asarray(canvas[None].astype(np.float32) / np.float32(127.5) - np.float32(1.0))


def _levels(width: int, height: int) -> Iterator[list[Window]]:
    """Windows left, top, side: the whole picture, then squares as wide as its shorter side, half of it, …"""
    longer, side = max(width, height), min(width, height)
    yield [_square((width - longer) // 2, (height - longer) // 2, longer)]
    for number in range(LEVELS):
        if (number and side < LEAST_WINDOW) or side < 1:
            return
        yield [_square(x, y, side) for y in _starts(height, side) for x in _starts(width, side)]
        side //= 2


def _square(left: int, top: int, side: int) -> Window:
    return Window(left, top, left + side, top + side)


def _starts(length: int, side: int) -> list[int]:
    """Where windows begin that overlap by half or more and cover a length."""
    count = 1 + int(np.ceil(2.0 * (length - side) / side))
    return [round(start) for start in np.linspace(0, length - side, count)]


def _thinned(candidates: list[Candidate]) -> list[Candidate]:
    """Of boxes that cover each other the one of the highest score."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda one: -one.score):
        if all(_shared(candidate.box, other.box, of_smaller=False) < SAME for other in kept):
            kept.append(candidate)
    return kept


def _each_once(found: list[Detection]) -> list[Detection]:
    kept: list[Detection] = []
    for face in sorted(found, key=lambda one: (-one.confidence, -one.area)):
        if all(_shared(face.box, other.box, of_smaller=True) < SAME_FACE for other in kept):
            kept.append(face)
    return kept


def _shared(a: Sequence[float], b: Sequence[float], *, of_smaller: bool) -> float:
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    both = max(width, 0.0) * max(height, 0.0)
    areas = a[2] * a[3], b[2] * b[3]
    return both / max(min(areas) if of_smaller else sum(areas) - both, 1e-6)


def _longer(face: Detection) -> int:
    return max(face.box[2:])


def _inside(box: Sequence[float], width: int, height: int) -> tuple[int, int, int, int]:
    left, top = (
        int(np.clip(round(start), 0, end)) for start, end in zip(box[:2], (width, height), strict=True)
    )
    right, bottom = (
        int(np.clip(round(start + size), 0, end))
        for start, size, end in zip(box[:2], box[2:], (width, height), strict=True)
    )
    return left, top, right - left, bottom - top


def _box(landmarks: Landmarks) -> tuple[float, float, float, float]:
    """The box that MTCNN has around a face with these landmarks.

    Fitted on 1,380 portraits; on 147 others its sides are 3 % off in the median, its middle 1 % of them.
    """
    turn = float(np.radians(measures.roll(landmarks)))
    upright = mapped(landmarks, similarity(1.0, -turn, (0, 0), (0, 0))).astype(float)
    low, high = upright[list(OVAL)].min(0), upright[list(OVAL)].max(0)
    middle, size = (low + high) / 2, high - low
    eyes, mouth, nose = upright[list(EYE_CORNERS)].mean(0), upright[[61, 291]].mean(0), upright[measures.NOSE]
    across = 0.143 * (nose - middle)[0]
    down = 0.167 * (eyes - middle)[1] + 0.136 * (mouth - middle)[1] - 0.073 * np.sqrt(size[0] * size[1])
    centre = mapped([middle + np.array([across, down])], similarity(1.0, turn, (0, 0), (0, 0)))[0].astype(
        float
    )
    width, height = 0.978 * size[0], 1.136 * size[1]
    return float(centre[0] - width / 2), float(centre[1] - height / 2), float(width), float(height)


def _five(landmarks: Landmarks) -> dict[str, tuple[int, int]]:
    """MTCNN's five points."""
    places: dict[str, Any] = {
        "left_eye": landmarks[list(EYE_CORNERS[:2])].mean(0),
        "right_eye": landmarks[list(EYE_CORNERS[2:])].mean(0),
        "nose": landmarks[measures.NOSE],
        "mouth_left": landmarks[61],
        "mouth_right": landmarks[291],
    }
    return {name: (round(float(x)), round(float(y))) for name, (x, y) in places.items()}
