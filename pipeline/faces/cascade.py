"""MTCNN for many pictures at once.

Zhang et al. 2016, "Joint face detection and alignment using multi-task cascaded networks": a small network
looks for candidates at every scale of the picture, a second and a third one sort them out and place them.
Networks, weights and thresholds are those of the package mtcnn. The package calls one layer after another
from Python, picture by picture, which takes several times as long as the arithmetic; here each network is one
compiled call: the first for all pictures at one scale, the others for all candidates in all pictures.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from mtcnn import MTCNN

from pipeline.faces.boxes import Candidates, refined, squared
from pipeline.faces.photo import Pixels

Floats = npt.NDArray[np.float32]

# The first network looks at squares of 12 pixels, every second pixel, at scales that start with faces of 20.
CELL, STRIDE, SMALLEST_FACE, SCALE_FACTOR = 12, 2, 20, 0.709
# Least score after each of the three stages; how much two candidates may share, of one scale and of all.
SCORES: Final = (0.6, 0.7, 0.8)
OVERLAP_IN_SCALE, OVERLAP = 0.5, 0.7
# Sides of the squares that the second and the third network look at.
SIDES: Final = (24, 48)
# Pixels that the first network is given at once: its first layers hold some 200 bytes for each.
PIXELS_AT_ONCE: Final = 1_500_000
# Below every activation of the first network, and not so far that arithmetic with it overflows.
BELOW_ALL: Final = -1e9
# Cells of less than this share of a face do not matter for finding it.
LEAST_CELL: Final = 0.5


class Cascade:
    """The three networks, compiled."""

    def __init__(self) -> None:
        first, second, third = (stage.model for stage in MTCNN().stages)
        pictures, sizes = tf.TensorSpec((None, None, None, 3)), tf.TensorSpec((None, 2), tf.int32)
        crops = [tf.TensorSpec((None, side, side, 3)) for side in SIDES]
        self._first = _compiled(partial(_first_network, first), pictures, sizes)
        self._second = _compiled(second.__call__, crops[0])
        self._third = _compiled(third.__call__, crops[1])

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
        levels: defaultdict[float, list[tuple[int, Floats]]] = defaultdict(list)
        for number, picture in enumerate(pictures):
            normal, (height, width) = _normal(picture), picture.shape[:2]
            for scale in _scales(min(width, height), min_face[number]):
                size = (int(width * scale), int(height * scale))
                small = np.asarray(cv2.resize(normal, size, interpolation=cv2.INTER_AREA), np.float32)
                levels[scale].append((number, small))
        found = Candidates.joined(
            [
                self._look_closely(part, scale).thinned(OVERLAP_IN_SCALE)
                for scale, level in levels.items()
                for part in _parts(level)
            ]
        ).thinned(OVERLAP)
        return replace(found, boxes=squared(found.boxes))

    def _look_closely(self, level: Sequence[tuple[int, Floats]], scale: float) -> Candidates:
        """The first stage at one scale: numbers and pictures, float32 (height, width, 3) in [-1, 1]."""
        numbers = np.asarray([number for number, _ in level])
        sizes = np.asarray([small.shape[:2] for _, small in level], np.int32)
        sheet = np.zeros((len(level), *sizes.max(axis=0), 3), np.float32)
        for place, (_, small) in zip(sheet, level, strict=True):
            place[: small.shape[0], : small.shape[1]] = small
        shifts, scores = _run(self._first, sheet, sizes)
        picture, row, column = np.nonzero(scores[..., 1] > SCORES[0])
        # Cells beyond the picture are in what was added to make all of one size.
        inside = (np.stack([row, column], axis=1) <= (sizes[picture] - CELL + 1) // STRIDE).all(axis=1)
        picture, row, column = picture[inside], row[inside], column[inside]
        corner = np.stack([column, row], axis=1) * float(STRIDE)
        boxes = np.concatenate([corner + 1.0, corner + CELL], axis=1)
        boxes += shifts[picture, row, column] * (CELL - 1.0)
        unknown = np.zeros((len(boxes), 5, 2))
        return Candidates(boxes / scale, scores[picture, row, column, 1], numbers[picture], unknown)

    def _sort_out(self, pictures: Sequence[Pixels], found: Candidates) -> Candidates:
        """The second stage."""
        if not len(found):
            return found
        found, crops = _crops(pictures, found, SIDES[0])
        shifts, scores = _run(self._second, crops)
        found = replace(found, boxes=refined(found.boxes, shifts), scores=scores[:, 1])
        found = found[found.scores > SCORES[1]].thinned(OVERLAP)
        return replace(found, boxes=squared(found.boxes))

    def _place(self, pictures: Sequence[Pixels], found: Candidates) -> Candidates:
        """The third stage."""
        if not len(found):
            return found
        found, crops = _crops(pictures, found, SIDES[1])
        shifts, points, scores = _run(self._third, crops)
        sides = found.boxes[:, 2:] - found.boxes[:, :2] + 1.0
        # Five x, then five y, as shares of the candidate's box.
        points = points.reshape(-1, 2, 5).swapaxes(1, 2) * sides[:, None] + found.boxes[:, None, :2] - 1.0
        found = Candidates(refined(found.boxes, shifts), scores[:, 1], found.pictures, points)
        return found[found.scores > SCORES[2]].thinned(OVERLAP, of_smaller=True)


def _first_network(network: Any, pictures: Any, sizes: Any) -> Any:
    """The package's first network, for pictures of several sizes in one tensor.

    Its pooling takes in half a cell more than there is where a side is odd: nothing beyond the picture may be
    the largest there.
    """
    x = network.prelu1(network.conv1(pictures))
    rows, columns = (tf.sequence_mask(sizes[:, side] - 2, tf.shape(x)[side + 1]) for side in (0, 1))
    x = tf.where((rows[:, :, None] & columns[:, None, :])[..., None], x, BELOW_ALL)
    x = network.prelu2(network.conv2(network.maxpool1(x)))
    x = network.prelu3(network.conv3(x))
    return network.conv4_1(x), network.conv4_2(x)


def _compiled(network: Callable[..., Any], *signature: Any) -> Any:
    return tf.function(network, input_signature=signature, autograph=False)


def _run(network: Any, *arguments: Any) -> list[Any]:
    return [np.asarray(result) for result in network(*arguments)]


def _normal(pixels: npt.NDArray[Any]) -> Floats:
    return (pixels.astype(np.float32) - np.float32(127.5)) / np.float32(128.0)


def _scales(side: int, min_face: float) -> list[float]:
    """The scales at which to look at a picture whose shorter side has this many pixels."""
    count = round(-(np.log(side / CELL) / np.log(SCALE_FACTOR) + 1.0))
    scales = CELL / SMALLEST_FACE * SCALE_FACTOR ** np.arange(max(count, 0))
    return [
        float(scale) for scale in scales if CELL / scale >= LEAST_CELL * min_face and side * scale >= CELL
    ]


def _parts(level: list[tuple[int, Floats]]) -> list[list[tuple[int, Floats]]]:
    """Cut one scale's pictures into parts that the memory can hold, of pictures of similar shapes."""
    ordered = sorted(
        level, key=lambda entry: (entry[1].shape[1] / entry[1].shape[0], entry[1].shape, entry[0])
    )
    height, width = (max(small.shape[side] for _, small in level) for side in (0, 1))
    at_once = max(1, PIXELS_AT_ONCE // (height * width))
    return [ordered[start : start + at_once] for start in range(0, len(ordered), at_once)]


def _crops(pictures: Sequence[Pixels], found: Candidates, side: int) -> tuple[Candidates, Floats]:
    """The candidates in order of pictures, and what is in them: float32 (n, side, side, 3)."""
    found = found[np.argsort(found.pictures, kind="stable")]
    crops = []
    for number in np.unique(found.pictures):
        picture = pictures[number]
        height, width = picture.shape[:2]
        boxes = found.boxes[found.pictures == number][:, [1, 0, 3, 2]] / [height, width, height, width]
        which = np.zeros(len(boxes), np.int32)
        cut = tf.image.crop_and_resize(picture[None], boxes, which, (side, side), extrapolation_value=127.5)
        crops.append(np.asarray(cut))
    return found, _normal(np.concatenate(crops))
