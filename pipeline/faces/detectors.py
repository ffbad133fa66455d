"""Detectors by name."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from pipeline.command_line import BadInput
from pipeline.faces.detector import BatchDetector, MTCNNDetector
from pipeline.faces.opencv_detector import OpenCVDetector


def _mtcnn(model: str) -> BatchDetector:
    if model:
        raise BadInput(f"The detector mtcnn brings its own model: leave out {model}.")
    return MTCNNDetector()


def _opencv(model: str) -> BatchDetector:
    if not model:
        raise BadInput("The detector opencv needs a model file: opencv:PATH.")
    return OpenCVDetector(Path(model))


DETECTORS: Final[dict[str, Callable[[str], BatchDetector]]] = {"mtcnn": _mtcnn, "opencv": _opencv}
"""Name -> what makes a detector of the model's path (empty if none was given). Add others here."""


@cache
def named_detector(name: str) -> BatchDetector:
    """The detector of that name; one for the whole process.

    Args:
        name: a name of ``DETECTORS``; with a colon and a path where it needs a model file: ``mtcnn``,
            ``opencv:models/opencv_face_detector_uint8.pb``.

    Raises:
        BadInput: no such detector, or a model file that it cannot use.
    """
    kind, _, model = name.partition(":")
    if kind not in DETECTORS:
        raise BadInput(f"No detector is known as {kind}: choose of {', '.join(sorted(DETECTORS))}.")
    return DETECTORS[kind](model)
