"""Where heads are cut out of photographs: the geometry, for any face in any picture."""

from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dataset.extract import cut_face
from pipeline.faces.choice import choose_face
from pipeline.faces.detector import Detection
from pipeline.faces.framing import HEAD, Framing, padded
from pipeline.faces.photo import Photo
from pipeline.faces.window import Window, cut, resize

Case: TypeAlias = tuple[Detection, int, int]
"""A face, the picture's width and its height."""


@st.composite
def faces_in_pictures(draw: st.DrawFn) -> Case:
    width, height = draw(st.integers(1, 3000)), draw(st.integers(1, 3000))
    x, y = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
    box = (x, y, draw(st.integers(1, width - x)), draw(st.integers(1, height - y)))
    return Detection(box, 1.0), width, height


@given(faces_in_pictures())
def test_the_padded_window_holds_the_face_in_its_middle_and_stays_inside_the_picture(case: Case) -> None:
    face, width, height = case
    x, y, face_width, face_height = face.box

    window = padded(face, picture_width=width, picture_height=height)

    assert 0 <= window.left <= x
    assert x + face_width <= window.right <= width
    assert 0 <= window.top <= y
    assert y + face_height <= window.bottom <= height
    assert x - window.left == window.right - (x + face_width)
    assert y - window.top == window.bottom - (y + face_height)


@given(faces_in_pictures())
def test_the_padded_window_never_exceeds_the_goal_size_and_reaches_it_where_the_picture_allows(
    case: Case,
) -> None:
    face, width, height = case
    x, y, face_width, face_height = face.box
    goal_size = 2 * max(face_width, face_height)

    window = padded(face, picture_width=width, picture_height=height)

    for length, size, room in (
        (window.width, face_width, min(x, width - x - face_width)),
        (window.height, face_height, min(y, height - y - face_height)),
    ):
        assert length <= goal_size
        # Equal paddings on both sides cannot make up an odd difference: one pixel is missing then.
        assert length == min(goal_size - (goal_size - size) % 2, size + 2 * room)


def test_the_padding_follows_the_thesis_by_hand() -> None:
    # 40 x 50 at (30, 10) in 200 x 100: goal 100. Across (100 - 40) // 2 = 30 fits on both sides;
    # above only 10 of the 25 wanted are there, so 10 are taken below as well.
    window = padded(Detection((30, 10, 40, 50), 1.0), picture_width=200, picture_height=100)

    assert window == Window(left=0, top=0, right=100, bottom=70)


@given(faces_in_pictures(), st.floats(1.0, 3.0), st.floats(0.3, 0.7))
def test_a_framed_window_is_square_and_keeps_the_face_in_its_place(
    case: Case, side: float, centre_y: float
) -> None:
    face, _, _ = case
    x, y, face_width, face_height = face.box

    window = Framing(side, centre_y).window(face)

    assert window.width == window.height == round(side * max(face_width, face_height))
    assert abs((window.left + window.right) / 2 - (x + face_width / 2)) <= 1
    assert abs(window.top + centre_y * window.height - (y + face_height / 2)) <= 1


@given(faces_in_pictures())
def test_how_far_a_window_reaches_outside_is_zero_exactly_when_it_lies_inside(case: Case) -> None:
    face, width, height = case
    window = HEAD.window(face)
    inside = window.left >= 0 and window.top >= 0 and window.right <= width and window.bottom <= height

    assert (HEAD.outside(face, picture_width=width, picture_height=height) == 0) == inside


@given(st.integers(1, 40), st.integers(1, 40), st.integers(-20, 40), st.integers(-20, 40))
def test_beyond_the_picture_its_edge_is_repeated(width: int, height: int, left: int, top: int) -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (24, 30, 3), np.uint8)
    part = cut(rgb, Window(left, top, left + width, top + height), width=width, height=height)

    rows = np.clip(np.arange(top, top + height), 0, 23)
    columns = np.clip(np.arange(left, left + width), 0, 29)
    np.testing.assert_array_equal(part, rgb[rows][:, columns])


def test_shrinking_takes_the_mean_of_what_is_covered() -> None:
    board = np.indices((64, 64)).sum(axis=0) % 2 * 200
    fine = np.repeat(board[..., None], 3, axis=2).astype(np.uint8)

    assert (resize(fine, width=32, height=32) == 100).all()


def test_one_direction_may_shrink_while_the_other_grows() -> None:
    rgb = np.full((20, 100, 3), 77, np.uint8)

    assert (cut(rgb, Window(0, 0, 100, 20), width=64, height=64) == 77).all()


def test_the_extracted_face_has_the_size_asked_for() -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (120, 160, 3), np.uint8)
    face = Detection((60, 30, 40, 50), 0.99)

    out = cut_face(Photo(rgb, "one"), face, width=64, height=96)

    assert out.pixels.shape == (96, 64, 3)
    assert out.pixels.dtype == np.uint8


@given(faces_in_pictures())
def test_the_chosen_face_does_not_depend_on_the_order_in_which_faces_were_found(case: Case) -> None:
    face, _, _ = case
    small = Detection((0, 0, face.box[2] // 2, face.box[3] // 2), 1.0)

    for found in ([face, small], [small, face]):
        assert choose_face(found, min_face_width=1, min_face_height=1) is face


@pytest.mark.parametrize("side", [0.0, -1.0])
def test_a_window_without_size_is_refused(side: float) -> None:
    with pytest.raises(ValueError, match="side"):
        Framing(side, 0.5)
