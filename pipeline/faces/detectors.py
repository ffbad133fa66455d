"""Detectors by name."""

from functools import cache
from pathlib import Path

from pipeline.command_line import BadInput
from pipeline.faces.blazeface import BlazeFaceDetector
from pipeline.faces.detector import BatchDetector, MTCNNDetector
from pipeline.faces.opencv_detector import OpenCVDetector


@cache
def named_detector(name: str) -> BatchDetector:
    """The detector of that name; one for the whole process.

    Args:
        name: with a colon and a path where it needs a model file: ``mtcnn``, ``blazeface``,
            ``opencv:models/opencv_face_detector_uint8.pb``.

    Raises:
        BadInput: no such detector, or a model file that it cannot use.
    """
    match name.partition(":"):
        case "mtcnn", _, "":
            return MTCNNDetector()
        case "blazeface", _, "":
            return BlazeFaceDetector()
        case ("mtcnn" | "blazeface") as known, _, model:
            raise BadInput(f"The detector {known} brings its own model: leave out {model}.")
        case "opencv", _, "":
            raise BadInput("The detector opencv needs a model file: opencv:PATH.")
        case "opencv", _, model:
            return OpenCVDetector(Path(model))
    raise BadInput(f"No detector is known as {name.partition(':')[0]}: choose of mtcnn, blazeface, opencv.")
