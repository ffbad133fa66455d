"""Detectors by name, for many pictures at once, and OpenCV's with a model file."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.command_line import BadInput
from pipeline.dataset.images import read_rgb
from pipeline.faces.boxes import Candidates, refined, squared
from pipeline.faces.detector import Detection, Image, MTCNNDetector
from pipeline.faces.detectors import named_detector
from pipeline.faces.opencv_detector import OpenCVDetector

FIXTURES = Path(__file__).parents[2] / "fixtures"
Corners = tuple[float, float, float, float]


def fixtures() -> list[Image]:
    """The portraits and heads of the fixtures, in sizes that all differ."""
    pictures = []
    for number, path in enumerate(sorted(FIXTURES.glob("*/*.jpg"))):
        rgb = read_rgb(path)
        assert rgb is not None
        pictures.append(rgb[: len(rgb) - 3 * number, number : len(rgb[0]) - number])
    return pictures


def candidates(boxes: Sequence[Corners], scores: Sequence[float], pictures: Sequence[int]) -> Candidates:
    return Candidates(
        np.reshape(np.asarray(boxes, float), (-1, 4)),
        np.asarray(scores, np.float32),
        np.asarray(pictures, np.int64),
        np.zeros((len(scores), 5, 2)),
    )


def test_of_boxes_that_overlap_too_much_the_one_of_the_highest_score_is_left() -> None:
    # The second shares 50 of 150 pixels with the first; the third lies in it.
    found = candidates([(0, 0, 10, 10), (5, 0, 15, 10), (0, 0, 5, 10)], [0.9, 0.8, 0.7], [0, 0, 0])

    assert found.thinned(0.4).scores.tolist() == pytest.approx([0.9, 0.8])
    assert found.thinned(0.3).scores.tolist() == pytest.approx([0.9])
    assert found.thinned(0.6, of_smaller=True).scores.tolist() == pytest.approx([0.9, 0.8])


@given(
    st.lists(
        st.tuples(st.tuples(*[st.integers(0, 30)] * 4), st.integers(0, 4), st.integers(0, 3)), max_size=20
    )
)
def test_pictures_are_thinned_each_by_itself(
    drawn: list[tuple[tuple[int, int, int, int], int, int]],
) -> None:
    boxes: list[Corners] = [(x, y, x + w + 1, y + h + 1) for (x, y, w, h), _, _ in drawn]
    found = candidates(boxes, [score / 4 for _, score, _ in drawn], [picture for _, _, picture in drawn])

    together = found.thinned(0.5)
    apart = Candidates.joined([found[found.pictures == picture].thinned(0.5) for picture in range(4)])

    np.testing.assert_array_equal(together.boxes, apart.boxes)
    np.testing.assert_array_equal(together.pictures, apart.pictures)


def test_boxes_are_squared_around_their_middle_and_shifted_by_shares_of_themselves() -> None:
    boxes = np.array([[2.0, 4.0, 6.0, 12.0]])

    assert squared(boxes).tolist() == [[0.0, 4.0, 8.0, 12.0]]
    assert refined(boxes, np.array([[0.2, -1.0, 0.0, 1.0]])).tolist() == [[3.0, -5.0, 6.0, 21.0]]


@pytest.mark.slow
@pytest.mark.parametrize("min_face", [1, 40])
def test_many_pictures_at_once_give_the_faces_that_each_gives_by_itself(
    detector: MTCNNDetector, min_face: int
) -> None:
    pictures = fixtures()

    together = detector.detect_batch(pictures, min_face=min_face)

    assert all(together)
    for picture, found in zip(pictures, together, strict=True):
        (alone,) = detector.detect_batch([picture], min_face=min_face)
        assert [face.box for face in found] == [face.box for face in alone]
        assert [face.confidence for face in found] == pytest.approx([face.confidence for face in alone])


@pytest.mark.slow
def test_the_faces_are_those_that_the_package_finds_by_itself(
    detector: MTCNNDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mtcnn import MTCNN

    def thinned_as_there(found: Candidates, overlap: float, *, of_smaller: bool = False) -> Candidates:
        # Many candidates have the score 1.0. Here the last of them wins; there it depends on NumPy's way of
        # sorting so many numbers. In that order our own thinning has no equals left to choose from.
        order = np.argsort(found.scores)[::-1]
        ranked = replace(found[order], scores=np.linspace(1.0, 0.0, len(found), dtype=np.float32))
        left = thinned(ranked, overlap, of_smaller=of_smaller)
        return replace(left, scores=found.scores[order[np.searchsorted(-ranked.scores, -left.scores)]])

    package, thinned = MTCNN(), Candidates.thinned
    monkeypatch.setattr(Candidates, "thinned", thinned_as_there)

    for picture in fixtures():
        ours, theirs = detector.detect(picture), package.detect_faces(picture)
        assert [list(face.box) for face in ours] == [face["box"] for face in theirs]
        for face, other in zip(ours, theirs, strict=True):
            assert face.confidence == pytest.approx(other["confidence"], abs=1e-4)
            for name, point in face.landmarks.items():
                np.testing.assert_allclose(point, other["keypoints"][name], atol=1)


@pytest.mark.slow
def test_what_wins_among_equals_makes_no_difference_that_matters(detector: MTCNNDetector) -> None:
    from mtcnn import MTCNN

    package = MTCNN()

    for picture in fixtures():
        (face,), (other,) = detector.detect(picture), package.detect_faces(picture)
        x, y, width, height = np.abs(np.subtract(face.box, other["box"])) / max(face.box[2:])
        assert max(x, y, width, height) < 0.03


@pytest.mark.slow
def test_looking_for_large_faces_only_finds_them_in_the_same_place(detector: MTCNNDetector) -> None:
    pictures = fixtures()

    for found, large in zip(
        detector.detect_batch(pictures), detector.detect_batch(pictures, min_face=40), strict=True
    ):
        assert [face.box for face in large] == [face.box for face in found if min(face.box[2:]) >= 40]


@pytest.mark.slow
def test_pictures_without_a_face_and_tiny_ones_come_out_empty_among_others(detector: MTCNNDetector) -> None:
    portrait = fixtures()[-1]
    wall, dot, line = (np.full(shape, 90, np.uint8) for shape in ((300, 200, 3), (1, 1, 3), (3, 900, 3)))

    found = detector.detect_batch([wall, portrait, dot, line])

    assert [len(faces) for faces in found] == [0, 1, 0, 0]
    assert detector.detect_batch([]) == []


def write_graph(path: Path, rows: int = 1, columns: int = 7) -> Path:
    """A TensorFlow graph that finds a face in the right half of each picture, as certainly as that is red."""
    import tensorflow as tf

    weights, bias = np.zeros((1, 1, 3, columns * rows), np.float32), np.zeros(columns * rows, np.float32)
    weights[0, 0, 2, 2] = 1 / 255
    bias[:7] = [0.0, 1.0, 123.0 / 255, 0.5, 0.25, 1.5, 0.75]

    def network(pictures: object) -> object:
        mean = tf.nn.avg_pool2d(pictures, 300, 300, "VALID")
        row = tf.nn.bias_add(tf.nn.conv2d(mean, weights, 1, "VALID"), bias)
        return tf.reshape(row, [1, 1, rows, columns], name="detection_out")

    signature = [tf.TensorSpec([1, 300, 300, 3], tf.float32, name="data")]
    graph = tf.function(network, input_signature=signature, autograph=False).get_concrete_function().graph
    path.write_bytes(graph.as_graph_def().SerializeToString())
    return path


@pytest.mark.slow
def test_opencv_finds_what_its_model_finds_in_pixels_of_the_picture(tmp_path: Path) -> None:
    detector = named_detector(f"opencv:{write_graph(tmp_path / 'model.pb')}")
    red, blue = np.full((100, 200, 3), (230, 0, 0), np.uint8), np.full((80, 40, 3), (0, 0, 255), np.uint8)

    found = detector.detect_batch([red, blue])

    # Of the blue picture the confidence is 0: no face. The box ends at the picture's edge.
    (face,), nothing = found
    assert nothing == []
    assert face.box == (100, 25, 100, 50)
    assert face.confidence == pytest.approx(230 / 255, abs=0.01)
    assert detector.detect(red) == [face]


@pytest.mark.slow
def test_a_model_that_is_no_detector_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no SSD"):
        OpenCVDetector(write_graph(tmp_path / "model.pb", rows=1, columns=8))


@pytest.mark.parametrize("name", ["model.pb", "model.onnx", "model.xyz", "model.caffemodel"])
def test_a_file_that_opencv_cannot_read_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"garbage")

    with pytest.raises(BadInput, match=name) as refusal:
        named_detector(f"opencv:{tmp_path / name}")

    assert len(str(refusal.value).splitlines()) == 1


@pytest.mark.parametrize("name", ["retina", "mtcnn:model.pb", "opencv", "opencv:/no/such/model.pb", ""])
def test_a_detector_that_cannot_be_had_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(BadInput):
        named_detector(name)


def test_a_detector_is_made_once_in_a_process() -> None:
    assert named_detector("mtcnn") is named_detector("mtcnn")


def test_a_detection_knows_its_area() -> None:
    assert Detection((5, 5, 3, 4), 1.0).area == 12
