"""The thesis' kind of detector: a single-shot network (SSD) that OpenCV runs, its model file given by path.

Liu et al. 2016, "SSD: Single Shot MultiBox Detector". OpenCV's own face model, a ResNet that sees 300 x 300
pixels, is published with its repository (samples/dnn/face_detector) as TensorFlow graph and as Caffe model;
OpenCV 5 no longer reads the latter. No package carries either.
"""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from pipeline.command_line import BadInput
from pipeline.faces.detector import Detection, Image

SIDE: Final = 300
# The mean that was taken off each channel in training: blue, green, red.
MEAN: Final = (104.0, 177.0, 123.0)
CONFIGURATIONS: Final = (".pbtxt", ".prototxt")
# Below this the network lists most of its 8,732 boxes.
LEAST_CONFIDENCE: Final = 0.1
# Image number, class, confidence, left, top, right, bottom; the last four as shares of the picture.
COLUMNS: Final = 7


class OpenCVDetector:
    """A face detector whose last layer gives rows of ``COLUMNS``.

    Args:
        model: the weights (``.pb``, ``.onnx``, ``.caffemodel`` where OpenCV reads it). A configuration is
            taken from beside it: the file of the same name, or else the only one, that ends in ``.pbtxt`` or
            ``.prototxt``.

    Raises:
        BadInput: no such file, none that OpenCV reads, or a model of another kind.
    """

    def __init__(self, model: Path) -> None:
        if not model.is_file():
            raise BadInput(f"The detector's model {model} is not a file.")
        self._lock = threading.Lock()
        try:
            self._network: Any = cv2.dnn.readNet(str(model), str(_configuration(model) or ""))
            shape = self._forward(np.zeros((SIDE, SIDE, 3), np.uint8)).shape
        except cv2.error as error:
            reason = " ".join(str(error).split())
            raise BadInput(f"The detector's model {model} cannot be used: {reason}") from error
        if np.prod(shape) % COLUMNS:
            raise BadInput(
                f"The detector's model {model} gives {shape}, not rows of {COLUMNS}: it is no SSD."
            )

    def detect(self, rgb: Image) -> list[Detection]:
        rows = self._forward(rgb).reshape(-1, COLUMNS)
        return list(_detections(rows, width=rgb.shape[1], height=rgb.shape[0]))

    def detect_batch(self, rgbs: Sequence[Image], *, min_face: int = 1) -> list[list[Detection]]:
        """See ``BatchDetector``; one after another, since these models fix the size of a batch."""
        del min_face
        return [self.detect(rgb) for rgb in rgbs]

    def _forward(self, rgb: Image) -> Any:
        blob = cv2.dnn.blobFromImage(rgb, 1.0, (SIDE, SIDE), MEAN, swapRB=True)
        with self._lock:
            self._network.setInput(blob)
            return np.array(self._network.forward(), np.float32)


def _configuration(model: Path) -> Path | None:
    own = [path for path in map(model.with_suffix, CONFIGURATIONS) if path.is_file()]
    beside = [path for path in model.parent.iterdir() if path.suffix in CONFIGURATIONS]
    return own[0] if own else beside[0] if len(beside) == 1 else None


def _detections(rows: Any, *, width: int, height: int) -> Iterator[Detection]:
    edges = np.rint(np.clip(rows[:, 3:], 0.0, 1.0) * [width, height, width, height]).astype(int)
    for (_, kind, confidence), (left, top, right, bottom) in zip(rows[:, :3], edges.tolist(), strict=True):
        if kind > 0 and confidence >= LEAST_CONFIDENCE and right > left and bottom > top:
            yield Detection((left, top, right - left, bottom - top), float(confidence))
