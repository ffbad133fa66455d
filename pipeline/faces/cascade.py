"""MTCNN for many pictures at once.

Zhang et al. 2016, "Joint face detection and alignment using multi-task cascaded networks": a small network
looks for candidates at every scale of the picture, a second and a third one sort them out and place them.
Networks, weights and thresholds are those of the package mtcnn. The package calls one layer after another
from Python, picture by picture, which takes several times as long as the arithmetic; here each network is
compiled as a whole (see ``cascade_networks``).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.boxes import Candidates, refined, squared
from pipeline.faces.cascade_networks import SIDES, CascadeNetworks
from pipeline.faces.crops import cropped
from pipeline.faces.photo import Pixels
from pipeline.faces.tiles import CELL, STRIDE

Floats = npt.NDArray[np.float32]

# The first network looks at scales that start with faces of 20 pixels.
SMALLEST_FACE, SCALE_FACTOR = 20, 0.709
# Least score after each of the three stages; how much two candidates may share, of one scale and of all.
SCORES: Final = (0.6, 0.7, 0.8)
OVERLAP_IN_SCALE, OVERLAP = 0.5, 0.7
# Cells of less than this share of a face do not matter for finding it.
LEAST_CELL: Final = 0.5


class Cascade:
    """The three stages."""

    def __init__(self, networks: CascadeNetworks) -> None:
        self._networks = networks

    def detect(self, pictures: Sequence[Pixels], *, min_face: Sequence[float]) -> list[Candidates]:
        """Find the faces in each picture, with their landmarks.

        Args:
            pictures: uint8 (height, width, 3), RGB, of any sizes.
            min_face: faces with fewer pixels across or down need not be found; for each picture.
        """
        found = self._place(pictures, self._sort_out(pictures, self._look(pictures, min_face)))
        return [found[found.pictures == number] for number in range(len(pictures))]

    def _look(self, pictures: Sequence[Pixels], min_face: Sequence[float]) -> Candidates:
        """The first stage."""
        levels: defaultdict[float, list[Candidates]] = defaultdict(list)
        for number, picture in enumerate(pictures):
            normal, (height, width) = _normal(picture), picture.shape[:2]
            for scale in _scales(min(width, height), min_face[number]):
                size = (int(width * scale), int(height * scale))
                small = np.asarray(cv2.resize(normal, size, interpolation=cv2.INTER_AREA), np.float32)
                levels[scale].append(self._look_closely(small, number, scale))
        found = Candidates.joined(
            [Candidates.joined(level).thinned(OVERLAP_IN_SCALE) for level in levels.values()]
        ).thinned(OVERLAP)
        return replace(found, boxes=squared(found.boxes))

    def _look_closely(self, small: Floats, number: int, scale: float) -> Candidates:
        """The first stage for a picture at one scale: float32 (height, width, 3) in [-1, 1]."""
        shifts, scores = self._networks.look(small)
        row, column = np.nonzero(scores > SCORES[0])
        corner = np.stack([column, row], axis=1) * float(STRIDE)
        boxes = np.concatenate([corner + 1.0, corner + CELL], axis=1)
        boxes += shifts[row, column] * (CELL - 1.0)
        unknown = np.zeros((len(boxes), 5, 2))
        return Candidates(boxes / scale, scores[row, column], np.full(len(boxes), number), unknown)

    def _sort_out(self, pictures: Sequence[Pixels], found: Candidates) -> Candidates:
        """The second stage."""
        if not len(found):
            return found
        found, crops = _crops(pictures, found, SIDES[0])
        shifts, scores = self._networks.sort_out(crops)
        found = replace(found, boxes=refined(found.boxes, shifts), scores=scores)
        found = found[found.scores > SCORES[1]].thinned(OVERLAP)
        return replace(found, boxes=squared(found.boxes))

    def _place(self, pictures: Sequence[Pixels], found: Candidates) -> Candidates:
        """The third stage."""
        if not len(found):
            return found
        found, crops = _crops(pictures, found, SIDES[1])
        shifts, points, scores = self._networks.place(crops)
        sides = found.boxes[:, 2:] - found.boxes[:, :2] + 1.0
        # Five x, then five y, as shares of the candidate's box.
        shares = points.reshape(-1, 2, 5).swapaxes(1, 2)
        landmarks = shares * sides[:, None] + found.boxes[:, None, :2] - 1.0
        found = Candidates(refined(found.boxes, shifts), scores, found.pictures, landmarks)
        return found[found.scores > SCORES[2]].thinned(OVERLAP, of_smaller=True)


def _normal(pixels: npt.NDArray[Any]) -> Floats:
    return (pixels.astype(np.float32) - np.float32(127.5)) / np.float32(128.0)


def _scales(side: int, min_face: float) -> list[float]:
    """The scales at which to look at a picture whose shorter side has this many pixels."""
    count = round(-(np.log(side / CELL) / np.log(SCALE_FACTOR) + 1.0))
    scales = CELL / SMALLEST_FACE * SCALE_FACTOR ** np.arange(max(count, 0))
    return [
        float(scale) for scale in scales if CELL / scale >= LEAST_CELL * min_face and side * scale >= CELL
    ]


def _crops(pictures: Sequence[Pixels], found: Candidates, side: int) -> tuple[Candidates, Floats]:
    """The candidates in order of pictures, and what is in them: float32 (n, side, side, 3)."""
    found = found[np.argsort(found.pictures, kind="stable")]
    crops = [
        cropped(pictures[number], found.boxes[found.pictures == number], side)
        for number in np.unique(found.pictures)
    ]
    return found, _normal(np.concatenate(crops))
