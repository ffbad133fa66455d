"""From a photograph to what the generator can start from: the face found, cut out and encoded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pipeline.faces.choice import choose_suspect
from pipeline.faces.detector import Detection, Detector, Image
from pipeline.faces.framing import Framing, padded
from pipeline.faces.window import cut

if TYPE_CHECKING:
    from gpu_worker.engine import Engine


@dataclass(frozen=True, slots=True)
class Crop:
    """A face that was cut out of a photograph.

    Attributes:
        image: uint8 (resolution, resolution, 3), framed as the training data is.
        face: where it was found.
        outside: how far the crop reaches beyond the photograph at its worst edge, as a share of its side.
            There the photograph's edge is repeated; from about a tenth on, that shows.
    """

    image: Image
    face: Detection
    outside: float


@dataclass(frozen=True, slots=True)
class Examined:
    """A face that was found in a photograph, and encoded.

    Attributes:
        crop: uint8 (resolution, resolution, 3), framed as the training data is.
        w_plus: float32 (num_ws, w_dim).
        box: x, y, width, height of the face in pixels of the photograph.
        confidence: the detector's, 0..1.
        outside: see ``Crop``.
    """

    crop: Image
    w_plus: npt.NDArray[np.float32]
    box: tuple[int, int, int, int]
    confidence: float
    outside: float

    @property
    def origin(self) -> dict[str, Any]:
        """What a recipe tells about where the face came from."""
        return {"box": list(self.box), "confidence": self.confidence, "outside": self.outside}


def examine(
    rgb: Image, detector: Detector, engine: "Engine", *, stage: Callable[[str], None] = lambda name: None
) -> Examined:
    """Find the suspect's face in ``rgb``, cut it out and encode it.

    Args:
        stage: told the name of each stage as it begins: detect, crop, encode.

    Raises:
        NoFace, SeveralFaces, FaceTooSmall: of ``pipeline.faces.choice``, each with one sentence for the user.
    """
    stage("detect")
    face = find(rgb, detector)
    stage("crop")
    crop = crop_face(rgb, face, engine)
    stage("encode")
    return encode(crop, engine)


def find(rgb: Image, detector: Detector) -> Detection:
    """Find the one face that is meant in ``rgb``.

    Raises:
        NoFace, SeveralFaces, FaceTooSmall: see ``examine``.
    """
    return choose_suspect(detector.detect(rgb))


def crop_face(rgb: Image, face: Detection, engine: "Engine") -> Crop:
    """Cut ``face`` out of ``rgb`` as the heads of the engine's training data were."""
    size = engine.resolution
    height, width = rgb.shape[:2]
    if engine.framing is None:
        window = padded(face, picture_width=width, picture_height=height)
        return Crop(cut(rgb, window, width=size, height=size), face, outside=0.0)
    framing = Framing(**engine.framing)
    outside = framing.outside(face, picture_width=width, picture_height=height)
    return Crop(framing.cut(rgb, face, size=size), face, outside)


def encode(crop: Crop, engine: "Engine") -> Examined:
    """Encode one crop."""
    (w_plus,) = engine.encode(crop.image[None])
    return Examined(crop.image, w_plus, crop.face.box, crop.face.confidence, crop.outside)
