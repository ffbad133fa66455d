"""BlazeFace finds a photograph's faces, each once, with boxes like MTCNN's."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.command_line import BadInput
from pipeline.faces.blazeface import ANCHORS, BlazeFaceDetector
from pipeline.faces.choice import SeveralFaces, choose_suspect
from pipeline.faces.decoding import decode
from pipeline.faces.detector import Image, MTCNNDetector
from pipeline.faces.detectors import named_detector
from tests.pipeline.faces.blends import NAMES, photograph

PORTRAITS = sorted((Path(__file__).parents[2] / "fixtures" / "portraits").glob("*.jpg"))


def portrait(path: Path) -> Image:
    return np.ascontiguousarray(decode(path.read_bytes())[..., ::-1])


def scene(width: int, height: int) -> Image:
    """Something colourful without a face."""
    coarse = np.random.default_rng(1).integers(0, 256, (6, 8, 3), np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def pasted(width: int, height: int, *faces: tuple[Image, int, int, int]) -> Image:
    """Photographs in a larger picture: each with left, top, side."""
    picture = scene(width, height)
    for rgb, left, top, side in faces:
        picture[top : top + side, left : left + side] = cv2.resize(
            rgb, (side, side), interpolation=cv2.INTER_AREA
        )
    return picture


@pytest.mark.parametrize("name", NAMES)
def test_a_portrait_shows_one_face(name: str) -> None:
    (face,) = BlazeFaceDetector().detect(photograph(name))

    assert face.confidence > 0.95
    assert face.landmarks["left_eye"][0] < face.landmarks["nose"][0] < face.landmarks["right_eye"][0]


@pytest.mark.parametrize("size", [(640, 480), (900, 1400)])
@pytest.mark.parametrize("side", [470, 200, 110])
@pytest.mark.parametrize("path", PORTRAITS, ids=lambda path: path.stem)
def test_a_face_of_any_size_is_found_once(path: Path, side: int, size: tuple[int, int]) -> None:
    left, top = size[0] - side - 3, size[1] - side - 5
    (found,) = BlazeFaceDetector().detect(pasted(*size, (portrait(path), left, top, side)))

    assert left <= found.box[0] <= left + side - found.box[2]
    assert top <= found.box[1] <= top + side - found.box[3]


@pytest.mark.parametrize("path", PORTRAITS, ids=lambda path: path.stem)
def test_boxes_are_as_large_as_mtccns(path: Path) -> None:
    rgb = portrait(path)
    (ours,), (theirs,) = BlazeFaceDetector().detect(rgb), MTCNNDetector().detect(rgb)

    assert ours.box[2:] == pytest.approx(theirs.box[2:], rel=0.15)
    assert np.add(ours.box[:2], np.divide(ours.box[2:], 2)) == pytest.approx(
        np.add(theirs.box[:2], np.divide(theirs.box[2:], 2)), abs=0.08 * theirs.box[3]
    )


@pytest.mark.parametrize("side", [300, 120])
def test_two_people_of_one_size_are_refused(side: int) -> None:
    faces = [(photograph(name), left, 20, side) for name, left in (("suit", 10), ("long-hair", 900 - side))]

    with pytest.raises(SeveralFaces, match="2 faces"):
        choose_suspect(BlazeFaceDetector().detect(pasted(900, 500, *faces)))


def test_what_shows_nobody_has_no_faces() -> None:
    noise = np.random.default_rng(2).integers(0, 256, (300, 300, 3), np.uint8)

    for picture in (
        scene(800, 600),
        noise,
        np.zeros((40, 300, 3), np.uint8),
        np.full((1, 1, 3), 9, np.uint8),
    ):
        assert BlazeFaceDetector().detect(picture) == []


def test_faces_smaller_than_wanted_need_not_be_looked_for() -> None:
    picture = pasted(1200, 1200, (photograph("suit"), 100, 100, 90))
    detector = BlazeFaceDetector()

    assert len(detector.detect_batch([picture])[0]) == 1
    assert detector.detect_batch([picture, photograph("bald")], min_face=400)[0] == []


def test_there_are_896_anchors_within_the_window() -> None:
    assert ANCHORS.shape == (896, 2)
    assert ANCHORS.min() == 1 / 32
    assert ANCHORS.max() == 31 / 32


def test_the_detector_is_known_by_name() -> None:
    assert isinstance(named_detector("blazeface"), BlazeFaceDetector)
    with pytest.raises(BadInput, match="brings its own model"):
        named_detector("blazeface:some/file")
