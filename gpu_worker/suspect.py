"""From a photograph to what the generator can start from: the face found, cut out and encoded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.faces.choice import choose_face
from pipeline.faces.detector import Detection, Detector, Image
from pipeline.faces.extract import padded
from pipeline.faces.framing import Framing
from pipeline.faces.window import cut

# Pixels of the face's box. Of a smaller one the crop would be enlarged so far that the suspect is a blur
# beside the fillers.
MIN_FACE_WIDTH: Final = 32
MIN_FACE_HEIGHT: Final = 40


class Encoder(Protocol):
    """What is asked of the engine here."""

    @property
    def resolution(self) -> int:
        """Side of its pictures in pixels."""
        ...

    @property
    def framing(self) -> Mapping[str, float] | None:
        """The arguments of ``Framing`` by which its training data was cut out; None: as in the thesis."""
        ...

    def encode(self, crops: npt.NDArray[np.uint8], /) -> npt.NDArray[np.float32]:
        """Map uint8 (n, resolution, resolution, 3) to w_plus, float32 (n, num_ws, w_dim)."""
        ...


@dataclass(frozen=True, slots=True)
class Examined:
    """A face that was found in a photograph.

    Attributes:
        crop: uint8 (resolution, resolution, 3), framed as the training data is.
        w_plus: float32 (num_ws, w_dim).
        box: x, y, width, height of the face in pixels of the photograph.
        confidence: the detector's, 0..1.
    """

    crop: Image
    w_plus: npt.NDArray[np.float32]
    box: tuple[int, int, int, int]
    confidence: float

    @property
    def origin(self) -> dict[str, Any]:
        """What a recipe tells about where the face came from."""
        return {"box": list(self.box), "confidence": self.confidence}


def examine(
    rgb: Image, detector: Detector, engine: Encoder, *, stage: Callable[[str], None] = lambda name: None
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
    return encode(crop, face, engine)


def find(rgb: Image, detector: Detector) -> Detection:
    """Find the one face that is meant in ``rgb``.

    Raises:
        NoFace, SeveralFaces, FaceTooSmall: see ``examine``.
    """
    return choose_face(detector.detect(rgb), min_face_width=MIN_FACE_WIDTH, min_face_height=MIN_FACE_HEIGHT)


def crop_face(rgb: Image, face: Detection, engine: Encoder) -> Image:
    """Cut ``face`` out as the engine's training data was: uint8 (resolution, resolution, 3)."""
    size = engine.resolution
    if engine.framing is not None:
        return Framing(**engine.framing).cut(rgb, face, size=size)
    window = padded(face, picture_width=rgb.shape[1], picture_height=rgb.shape[0])
    return cut(rgb, window, width=size, height=size)


def encode(crop: Image, face: Detection, engine: Encoder) -> Examined:
    """Encode one crop."""
    return Examined(crop, engine.encode(crop[None])[0], face.box, face.confidence)
