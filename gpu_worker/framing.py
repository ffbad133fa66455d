"""From a photograph to a head as a gallery shows its faces: upright, before one wall, in one garment."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from gpu_worker.suspect import find
from pipeline.faces.detector import Detection, Detector, Image
from pipeline.faces.head import EYE_LINE, FACE, SIDE, Head
from pipeline.faces.matte import matting
from pipeline.faces.mesh import face_mesh
from pipeline.faces.scene import Scene
from pipeline.faces.upright import Upright, upright_head
from pipeline.gallery.about import About

#: Side of a face's box, in units of the face's size in a head, and how much of it lies above the eyes.
BOX: Final = 1.25
ABOVE: Final = 0.4


@dataclass(frozen=True, eq=False)
class Framed:
    """A face that was found in a photograph.

    Attributes:
        plain: the head as the photograph shows it.
        shown: the same before the wall and in the garment of everybody: what is used, and what is seen.
        face: where it was found.
        upright: how it was turned and scaled.
        scene: wall and garment.
    """

    plain: Head
    face: Detection
    upright: Upright
    scene: Scene

    @cached_property
    def shown(self) -> Head:
        """In the scene."""
        return self.scene.around(self.plain)

    @property
    def origin(self) -> dict[str, Any]:
        """What a recipe tells about where the face came from, and what was done to it."""
        return {
            "box": list(self.face.box),
            "confidence": self.face.confidence,
            "outside": round(self.upright.outside, 4),
            "rotation": round(self.upright.rotation, 3),
            "scale": round(self.upright.scale, 5),
            "scene": {"wall": self.scene.wall and list(self.scene.wall), "garment": self.scene.garment},
        }


def frame(
    rgb: Image, detector: Detector, scene: Scene, *, stage: Callable[[str], None] = lambda name: None
) -> Framed:
    """Find the suspect's face in ``rgb`` and bring it upright.

    Args:
        stage: told the name of each stage as it begins: detect, crop.

    Raises:
        NoFace, SeveralFaces, FaceTooSmall: of ``pipeline.faces.choice``, each with one sentence for the user.
    """
    stage("detect")
    face = find(rgb, detector)
    stage("crop")
    return upright(rgb, face, scene)


def upright(rgb: Image, face: Detection, scene: Scene) -> Framed:
    """Bring a ``face`` that was found upright.

    Raises:
        NoFace: looked at closely, it is none.
    """
    head, done = upright_head(rgb, face)
    return Framed(head, face, done, scene)


def scene_of(about: About) -> Scene:
    """What the faces of a gallery are shown in."""
    return Scene.of({"wall": list(about.wall), **(about.garment or {"garment": "none"})})


def framed_again(picture: Image) -> Head:
    """The head of a ``picture`` that is framed already, with its matte: 0.2 s."""
    return replace(seen(picture), alpha=matting().alpha(picture))


def seen(picture: Image) -> Head:
    """The head of a ``picture`` that is framed already, where nobody asks for the matte: it is 1 everywhere.

    Args:
        picture: uint8 (SIDE, SIDE, 3).

    Raises:
        ValueError: a picture of another size.
    """
    if picture.shape != (SIDE, SIDE, 3):
        raise ValueError(f"A framed head is {SIDE} pixels wide and high, not {picture.shape[:2]}.")
    side = BOX * FACE * SIDE
    region = (SIDE / 2 - side / 2, SIDE * EYE_LINE - ABOVE * side, side, side)
    found = face_mesh().find(picture, region)
    return Head(picture, found.landmarks, np.ones((SIDE, SIDE), np.float32))
