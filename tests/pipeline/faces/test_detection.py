"""Faces are found in photographs, and nowhere else. Runs the detector that ships."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from pipeline.faces.choice import NoFace, SeveralFaces, choose_face
from pipeline.faces.detector import Detection, Image, MTCNNDetector
from pipeline.faces.framing import HEAD

pytestmark = pytest.mark.slow

FIXTURES = Path(__file__).parents[2] / "fixtures"
HEADS = sorted((FIXTURES / "heads").glob("*.jpg"))
PORTRAITS = sorted((FIXTURES / "portraits").glob("*.jpg"))


def read(path: Path, scale: float = 1.0) -> Image:
    image = Pillow.open(path).convert("RGB")
    return np.asarray(image.resize((round(image.width * scale), round(image.height * scale))))


def the_face(found: list[Detection]) -> Detection:
    return choose_face(found, min_face_width=40, min_face_height=40)


@pytest.mark.parametrize("path", [*HEADS, *PORTRAITS], ids=lambda path: path.stem)
def test_the_one_face_is_found_with_certainty(detector: MTCNNDetector, path: Path) -> None:
    rgb = read(path)

    (face,) = detector.detect(rgb)

    assert face.confidence > 0.95
    x, y, width, height = face.box
    for name in ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right"):
        px, py = face.landmarks[name]
        assert x <= px < x + width
        assert y <= py < y + height


@pytest.mark.parametrize("path", PORTRAITS, ids=lambda path: path.stem)
def test_a_large_photograph_gives_the_same_crop_as_a_small_one(detector: MTCNNDetector, path: Path) -> None:
    small, large = read(path), read(path, 5)

    crops = [HEAD.cut(rgb, the_face(detector.detect(rgb)), size=64).astype(int) for rgb in (small, large)]

    x, y, width, height = the_face(detector.detect(large)).box
    assert 0 <= x < x + width <= large.shape[1]
    assert 0 <= y < y + height <= large.shape[0]
    assert abs(crops[0] - crops[1]).mean() < 12


def test_training_heads_and_photographs_are_framed_alike(detector: MTCNNDetector) -> None:
    """The face of a suspect has the place and size in its crop that faces have in the training data."""
    places = {}
    for kind, paths in (("heads", HEADS), ("portraits", PORTRAITS)):
        rows = []
        for path in paths:
            face = the_face(detector.detect(read(path)))
            window = HEAD.window(face)
            left, right, mouth = (
                np.array(face.landmarks[name]) for name in ("left_eye", "right_eye", "mouth_left")
            )
            eyes = (left + right) / 2
            distance = right[0] - left[0]
            rows.append(np.array([distance, eyes[1] - window.top, mouth[1] - window.top]) / window.height)
        places[kind] = np.mean(rows, axis=0)
    np.testing.assert_allclose(places["heads"], places["portraits"], atol=0.02)


def test_a_small_face_in_a_large_photograph_is_found_at_a_closer_look(detector: MTCNNDetector) -> None:
    wide = np.full((2000, 3000, 3), 150, np.uint8)
    wide[900:1028, 1400:1528] = read(HEADS[0])

    (face,) = detector.detect(wide)

    x, y, width, height = face.box
    assert 1400 < x < x + width < 1528
    assert 900 < y < y + height < 1028


def test_two_people_side_by_side_are_seen_as_two(detector: MTCNNDetector) -> None:
    both = np.concatenate([read(PORTRAITS[0]), read(PORTRAITS[2])], axis=1)

    with pytest.raises(SeveralFaces):
        the_face(detector.detect(both))


PICTURES = {
    "grey": np.full((300, 400, 3), 127, np.uint8),
    "one pixel": np.zeros((1, 1, 3), np.uint8),
    "a line": np.zeros((1000, 3, 3), np.uint8),
    "noise": np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8),
    "a ramp": np.tile(np.arange(256, dtype=np.uint8)[None, :, None], (256, 1, 3)),
    "a board": np.kron(np.indices((8, 8)).sum(0) % 2 * 255, np.ones((40, 40)))[..., None]
    .repeat(3, axis=2)
    .astype(np.uint8),
    "a shirt": read(PORTRAITS[0])[400:, 100:400],
}


@pytest.mark.parametrize("rgb", PICTURES.values(), ids=PICTURES.keys())
def test_where_there_is_no_face_none_is_found(detector: MTCNNDetector, rgb: Image) -> None:
    with pytest.raises(NoFace):
        the_face(detector.detect(rgb))
