"""``extract_face``: which face, which part of the picture, how it is brought to size (thesis §3.1.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dataset.extract import cut_face, extract_face
from pipeline.dataset.images import read_rgb
from pipeline.dataset.steps import Rejected
from pipeline.faces.detector import Detection, Image
from pipeline.faces.photo import FaceFound, Photo
from pipeline.faces.window import resize

PORTRAIT = Path(__file__).parents[2] / "fixtures" / "portraits" / "60003_1.jpg"


@dataclass(frozen=True)
class Finding:
    """A detector that finds these in every picture."""

    detections: tuple[Detection, ...]

    def detect(self, rgb: Image) -> list[Detection]:
        return list(self.detections)

    def detect_batch(self, rgbs: Sequence[Image], *, min_face: int = 1) -> list[list[Detection]]:
        return [self.detect(rgb) for rgb in rgbs]


def noise(width: int, height: int) -> Photo:
    return Photo(np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8), "noise")


def extracted(photo: Photo, *detections: Detection, side: int = 16) -> Photo | Rejected:
    return extract_face(
        photo,
        min_face_width=10,
        min_face_height=12,
        confidence_threshold=0.9,
        output_face_width=side,
        output_face_height=side,
        detector=Finding(detections),
    )


def found_in(photo: Photo, *detections: Detection) -> FaceFound:
    outcome = extracted(photo, *detections)
    assert isinstance(outcome, Photo), outcome
    assert outcome.face is not None
    return outcome.face


@st.composite
def faces_in_pictures(draw: st.DrawFn) -> tuple[Detection, int, int]:
    width, height = draw(st.integers(2, 400)), draw(st.integers(2, 400))
    x, y = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
    box = (x, y, draw(st.integers(1, width - x)), draw(st.integers(1, height - y)))
    return Detection(box, draw(st.floats(0.9, 1.0))), width, height


@settings(deadline=None)
@given(faces_in_pictures())
def test_the_part_cut_out_is_that_of_the_equations(case: tuple[Detection, int, int]) -> None:
    face, width, height = case
    x, y, face_width, face_height = face.box
    goal_size = 2 * max(face_width, face_height)
    left = (goal_size - face_width) // 2
    right = goal_size - face_width - left
    across = min(left, x, right, width - (x + face_width))
    top = (goal_size - face_height) // 2
    bottom = goal_size - face_height - top
    down = min(top, y, bottom, height - (y + face_height))

    cut = cut_face(noise(width, height), face, width=8, height=8)

    assert cut.face is not None
    assert cut.face.window == (x - across, y - down, face_width + 2 * across, face_height + 2 * down)
    assert (cut.face.box, cut.face.confidence) == (face.box, face.confidence)


@settings(deadline=None)
@given(faces_in_pictures(), st.integers(1, 64), st.integers(1, 64))
def test_the_face_lies_in_the_middle_of_what_comes_of_it_and_inside(
    case: tuple[Detection, int, int], out_width: int, out_height: int
) -> None:
    face, width, height = case

    cut = cut_face(noise(width, height), face, width=out_width, height=out_height)

    assert cut.pixels.shape == (out_height, out_width, 3)
    assert cut.face is not None
    x, y, face_width, face_height = cut.face.output_box
    assert x + face_width / 2 == pytest.approx(out_width / 2)
    assert y + face_height / 2 == pytest.approx(out_height / 2)
    assert x >= 0
    assert y >= 0


@settings(deadline=None)
@given(faces_in_pictures())
def test_the_change_of_proportions_is_that_of_the_part_cut_out(case: tuple[Detection, int, int]) -> None:
    face, width, height = case

    cut = cut_face(noise(width, height), face, width=32, height=32)

    assert cut.face is not None
    _, _, window_width, window_height = cut.face.window
    assert cut.face.ratio == pytest.approx(face.box[2] / face.box[3])
    assert cut.face.new_ratio == pytest.approx(cut.face.ratio * window_height / window_width)


def test_a_face_with_room_around_it_keeps_its_proportions_and_half_the_height() -> None:
    face = found_in(noise(400, 400), Detection((150, 130, 80, 100), 1.0))

    assert face.window == (90, 80, 200, 200)
    assert face.new_ratio == face.ratio == 0.8
    assert face.output_box[3] == 8.0


def test_pixels_are_those_of_the_picture_where_nothing_has_to_be_resized() -> None:
    photo = noise(100, 90)

    outcome = extracted(photo, Detection((40, 30, 20, 20), 1.0), side=40)

    assert isinstance(outcome, Photo)
    np.testing.assert_array_equal(outcome.pixels, photo.pixels[20:60, 30:70])
    assert outcome.colour == "bgr"
    assert outcome.source == photo.source


def test_the_largest_face_that_satisfies_the_constraints_is_taken_and_no_other_face_stands_in_its_way() -> (
    None
):
    largest = Detection((10, 10, 40, 50), 0.95)
    others = (
        Detection((100, 100, 90, 90), 0.89),  # larger, not certain enough
        Detection((200, 10, 300, 11), 0.99),  # larger, too low
        Detection((200, 40, 9, 300), 0.99),  # larger, too narrow
        Detection((60, 10, 39, 51), 0.99),  # nearly as large
    )

    for order in ((largest, *others), (*others, largest)):
        assert found_in(noise(600, 600), *order).box == largest.box


@pytest.mark.parametrize(
    ("face", "stays"),
    [
        (Detection((30, 30, 10, 12), 0.9), True),
        (Detection((30, 30, 9, 12), 0.9), False),
        (Detection((30, 30, 10, 11), 0.9), False),
        (Detection((30, 30, 10, 12), 0.899), False),
    ],
    ids=["just", "a pixel too narrow", "a pixel too low", "a little too uncertain"],
)
def test_a_face_that_just_satisfies_the_constraints_stays(face: Detection, stays: bool) -> None:
    outcome = extracted(noise(80, 80), face)

    assert isinstance(outcome, Photo) is stays
    assert stays or isinstance(outcome, Rejected)


def test_a_photo_without_a_face_is_rejected_with_one_plain_sentence() -> None:
    outcome = extracted(noise(80, 80))

    assert isinstance(outcome, Rejected)
    assert outcome.reason.endswith(".")
    assert "\n" not in outcome.reason


def test_many_photos_at_once_give_what_each_gives_by_itself() -> None:
    photos = [noise(100 + number, 120) for number in range(5)]
    detector = Finding((Detection((20, 30, 30, 40), 1.0),))
    arguments = {"min_face_width": 8, "min_face_height": 8, "output_face_width": 24, "output_face_height": 24}

    together = extract_face.run_batch(photos, **arguments, detector=detector)

    for photo, outcome in zip(photos, together, strict=True):
        alone = extract_face(photo, **arguments, detector=detector)
        assert isinstance(alone, Photo)
        assert isinstance(outcome, Photo)
        np.testing.assert_array_equal(outcome.pixels, alone.pixels)


@pytest.mark.parametrize("factor", [2, 3])
def test_enlarging_restores_a_portrait_better_than_plainer_ways_of_it(factor: int) -> None:
    rgb = read_rgb(PORTRAIT)
    assert rgb is not None
    size = (rgb.shape[1] // factor * factor, rgb.shape[0] // factor * factor)
    whole = rgb[: size[1], : size[0]]
    small = resize(whole, width=size[0] // factor, height=size[1] // factor)

    def error(picture: Image) -> float:
        return float(np.mean(np.square(picture.astype(float) - whole)))

    ours = error(resize(small, width=size[0], height=size[1]))

    for plainer in (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_AREA):
        assert ours < error(np.asarray(cv2.resize(small, size, interpolation=plainer), np.uint8))


def test_shrinking_leaves_no_trace_of_patterns_finer_than_a_pixel() -> None:
    lines = np.zeros((300, 300, 3), np.uint8)
    lines[::3] = 255

    small = resize(lines, width=100, height=100)

    assert (small == 85).all()
