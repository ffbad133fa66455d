"""Which face is meant, and when nobody may guess."""

import pytest

from pipeline.faces.choice import FaceError, FaceTooSmall, NoFace, SeveralFaces, choose_face
from pipeline.faces.detector import Detection


def face(x: int, side: int, confidence: float = 0.99) -> Detection:
    return Detection((x, 0, side, side), confidence)


def choose(*found: Detection) -> Detection:
    return choose_face(found, min_face_width=40, min_face_height=40, confidence_threshold=0.9)


def test_the_largest_face_is_meant() -> None:
    assert choose(face(0, 50), face(100, 90), face(300, 60)) == face(100, 90)


def test_a_picture_without_a_face_is_refused() -> None:
    with pytest.raises(NoFace):
        choose()


def test_what_the_detector_is_unsure_of_is_no_face() -> None:
    with pytest.raises(NoFace):
        choose(face(0, 90, confidence=0.89))
    assert choose(face(0, 90, confidence=0.9))


def test_a_face_of_too_few_pixels_is_refused_with_its_size() -> None:
    with pytest.raises(FaceTooSmall) as refusal:
        choose(face(0, 30), face(100, 39))

    assert (refusal.value.width, refusal.value.height, refusal.value.minimum) == (39, 39, (40, 40))
    assert "39 x 39" in str(refusal.value)


def test_two_faces_of_about_equal_size_are_refused() -> None:
    with pytest.raises(SeveralFaces) as refusal:
        choose(face(0, 100), face(200, 90))

    assert refusal.value.count == 2


def test_a_clearly_smaller_face_in_the_background_does_not_matter() -> None:
    assert choose(face(0, 100), face(200, 89)) == face(0, 100)


def test_one_face_found_twice_is_one_face() -> None:
    assert choose(face(0, 100), face(5, 98)) == face(0, 100)


def test_a_face_beside_another_is_not_taken_for_the_same() -> None:
    with pytest.raises(SeveralFaces):
        choose(face(0, 100), face(60, 100))


@pytest.mark.parametrize(
    "error", [NoFace(), FaceTooSmall(10, 12, (40, 40)), SeveralFaces(2)], ids=lambda error: error.code
)
def test_each_refusal_is_one_plain_sentence(error: FaceError) -> None:
    assert str(error)[0].isupper() or str(error)[0].isdigit()
    assert str(error).endswith(".")
    assert "\n" not in str(error)
