"""Portraits as heads: brought upright by landmarks that are given, or found."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from pipeline.command_line import BadInput
from pipeline.dataset.images import read_rgb
from pipeline.faces import FaceError, choose_face
from pipeline.faces.detector import Image
from pipeline.faces.detectors import named_detector
from pipeline.faces.head import SIDE, Head, Landmarks
from pipeline.faces.matte import matting
from pipeline.faces.mesh import face_mesh
from pipeline.faces.resampling import mapped, warped
from pipeline.faces.upright import placed
from pipeline.training.reading.labels import Person

LANDMARKS = "landmarks"
SHAPE = (468, 2)


def read_landmarks(path: Path, people: int) -> np.ndarray:
    """Landmarks in pixels of the portraits, in the order of the labels: float32 (people, 468, 2).

    Raises:
        BadInput: no such file, or of other people.
    """
    try:
        with np.load(path) as file:
            found = np.asarray(file[LANDMARKS], np.float32)
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(f"{path} is no file of landmarks: {error}.") from error
    if found.shape != (people, *SHAPE) or not np.isfinite(found).all():
        raise BadInput(f"{path} has landmarks of shape {found.shape}; the labels are of {people} portraits.")
    return found


def heads_of(folder: Path, people: Sequence[Person], landmarks: np.ndarray | None) -> Iterator[Head]:
    """Each portrait as a head, in order; its matte is the coarse one, which is enough for colours.

    Raises:
        BadInput: a portrait cannot be read, or shows no face.
    """
    for place, person in enumerate(people):
        rgb = read_rgb(folder / person.file) if (folder / person.file).is_file() else None
        if rgb is None:
            raise BadInput(f"The portrait {folder / person.file} cannot be read.")
        yield _head(rgb, found_in(rgb, person.file) if landmarks is None else landmarks[place])


def found_in(rgb: Image, name: str) -> Landmarks:
    """The landmarks of the one face of a portrait; BadInput where there is none."""
    try:
        face = choose_face(named_detector("mtcnn").detect(rgb), min_face_width=32, min_face_height=32)
    except FaceError as error:
        raise BadInput(f"The portrait {name} shows no face: {error}.") from error
    return face_mesh().find(rgb, face.box).landmarks


def _head(rgb: Image, landmarks: Landmarks) -> Head:
    done = placed(landmarks, width=rgb.shape[1], height=rgb.shape[0])
    image = warped(rgb, done.affine, SIDE)
    return Head(image, mapped(landmarks, done.affine), matting().coarse(image))
