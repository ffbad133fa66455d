"""Any photograph of a face brought upright: turned by the eyes, cut and scaled as every other head is."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.faces import measures
from pipeline.faces.choice import NoFace
from pipeline.faces.detector import Detection, Image
from pipeline.faces.head import EYE_CORNERS, EYE_LINE, FACE, SIDE, Head, Landmarks
from pipeline.faces.matte import Matting, matting
from pipeline.faces.mesh import FaceMesh, face_mesh
from pipeline.faces.resampling import Affine, inverse, mapped, similarity, warped

# Below this the mesh itself says that there is no face.
LEAST_PRESENCE: Final = 0.5


@dataclass(frozen=True, eq=False)
class Upright:
    """What was done to a photograph to make a ``Head`` of it.

    Attributes:
        rotation: degrees by which it was turned, clockwise as seen.
        scale: pixels of the head's picture for one of the photograph's.
        outside: how far the head's square reaches beyond the photograph at worst, as a share of its side; the
            photograph's edge is repeated there.
        landmarks: in pixels of the photograph.
        affine: the map from the photograph to the head's picture.
    """

    rotation: float
    scale: float
    outside: float
    landmarks: Landmarks
    affine: Affine

    def inside(self, width: int, height: int) -> np.ndarray:
        """bool (SIDE, SIDE): which pixels of the head are of the photograph, which has this size."""
        middles = np.stack(np.meshgrid(np.arange(SIDE) + 0.5, np.arange(SIDE) + 0.5), -1)
        places = mapped(middles.reshape(-1, 2), inverse(self.affine)).reshape(SIDE, SIDE, 2)
        return np.asarray(((places >= 0) & (places <= [width, height])).all(-1))


def upright_head(
    rgb: Image, face: Detection, *, mesh: FaceMesh | None = None, matte: Matting | None = None
) -> tuple[Head, Upright]:
    """Make a head of the face that a detector found in a photograph.

    Raises:
        NoFace: looked at closely, it is none.
    """
    found = (mesh or face_mesh()).find(rgb, face.box, roll=_roll(face))
    if found.presence < LEAST_PRESENCE:
        raise NoFace
    done = placed(found.landmarks, width=rgb.shape[1], height=rgb.shape[0])
    return headed(rgb, done, matte=matte), done


def headed(rgb: Image, done: Upright, *, matte: Matting | None = None) -> Head:
    """Cut the head out of the photograph as ``done`` says; sampled once."""
    image = warped(rgb, done.affine, SIDE)
    return Head(image, mapped(done.landmarks, done.affine), (matte or matting()).alpha(image))


def placed(landmarks: Landmarks, *, width: int, height: int) -> Upright:
    """Where a face with these landmarks goes, of a photograph of this size."""
    rotation = -measures.roll(landmarks)
    scale = FACE * SIDE / max(float(np.sqrt(measures.oval_area(landmarks))), 1e-3)
    eyes = landmarks[list(EYE_CORNERS)].mean(0)
    affine = similarity(scale, np.radians(rotation), eyes, (SIDE / 2, SIDE * EYE_LINE))
    corners = mapped([(0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE)], inverse(affine))
    beyond = max(float((-corners).max()), float((corners - [width, height]).max()), 0.0)
    return Upright(rotation, scale, beyond * scale / SIDE, landmarks, affine)


def _roll(face: Detection) -> float:
    """Degrees by which the eyes' line falls to the right, where the detector saw the eyes."""
    if not {"left_eye", "right_eye"} <= face.landmarks.keys():
        return 0.0
    (left, top), (right, bottom) = face.landmarks["left_eye"], face.landmarks["right_eye"]
    return float(np.degrees(np.arctan2(bottom - top, right - left)))
