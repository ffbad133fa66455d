"""From a photograph to a framed face: find, choose, frame, cut out.

Nothing here needs Keras or TensorFlow; networks are loaded when the first picture is looked at.
"""

from pipeline.faces.choice import FaceError, choose_face, choose_suspect, largest_face
from pipeline.faces.decoding import Unreadable, decode
from pipeline.faces.detector import BatchDetector, Detection, Detector, Image, MTCNNDetector
from pipeline.faces.detectors import named_detector
from pipeline.faces.framing import HEAD, Framing, padded
from pipeline.faces.photo import FaceFound, Photo, Pixels, convert_to_rgb
from pipeline.faces.window import Window, cut, resize

__all__ = [
    "HEAD",
    "BatchDetector",
    "Detection",
    "Detector",
    "FaceError",
    "FaceFound",
    "Framing",
    "Image",
    "MTCNNDetector",
    "Photo",
    "Pixels",
    "Unreadable",
    "Window",
    "choose_face",
    "choose_suspect",
    "convert_to_rgb",
    "cut",
    "decode",
    "largest_face",
    "named_detector",
    "padded",
    "resize",
]
