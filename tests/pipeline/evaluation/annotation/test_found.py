"""Photographs on their way to the models: read ahead, looked at a few at a time, in order."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.dataset.sources import sources
from pipeline.evaluation.annotation import found
from pipeline.evaluation.annotation.found import FoundFaces
from pipeline.faces.detector import Detection, Image

SIDE = 16
COUNT = 40


class Middle:
    """Finds a face in the middle of every picture that is not black, and remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[list[Image]] = []

    def detect(self, rgb: Image) -> list[Detection]:
        return self.detect_batch([rgb])[0]

    def detect_batch(self, rgbs: Sequence[Image], *, min_face: int = 1) -> list[list[Detection]]:
        self.given.append(list(rgbs))
        return [self._found(rgb) for rgb in rgbs]

    def _found(self, rgb: Image) -> list[Detection]:
        height, width = rgb.shape[:2]
        box = (width // 4, height // 4, width // 2, height // 2)
        return [Detection(box, 0.99)] if rgb.any() else []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photographs as grey as their number; the 7th is damaged, the 20th shows nobody, the 30th is tiny."""
    folder = tmp_path_factory.mktemp("photographs")
    for number in range(COUNT):
        side, grey = (40 if number == 30 else 80 + number), (0 if number == 20 else 100 + number)
        assert cv2.imwrite(str(folder / f"{number}.png"), np.full((side, side, 3), grey, np.uint8))
    (folder / "7.png").write_bytes(b"not a picture")
    return folder


def photographs(folder: Path, detector: Middle) -> FoundFaces:
    return FoundFaces(sources([folder]), [folder], side=SIDE, detector=detector)


def test_a_photograph_that_cannot_be_used_keeps_its_place_and_stops_no_other(folder: Path) -> None:
    faces = [face for batch in photographs(folder, Middle()).batches(0) for face in batch]

    assert [face.id for face in faces] == [f"{number}.png" for number in range(COUNT)]
    problems = {number: face.problem for number, face in enumerate(faces) if face.pixels is None}
    assert problems.keys() == {7, 20, 30}
    assert "not a JPEG" in problems[7]
    assert "No face was found" in problems[20]
    assert "too small" in problems[30]
    for number, face in enumerate(faces):
        if face.pixels is not None:
            np.testing.assert_array_equal(face.pixels, np.full((SIDE, SIDE, 3), 100 + number, np.uint8))


def test_a_run_that_goes_on_has_the_faces_from_there(folder: Path) -> None:
    faces = [face for batch in photographs(folder, Middle()).batches(32) for face in batch]

    assert [face.id for face in faces] == [f"{number}.png" for number in range(32, COUNT)]


def test_faces_are_looked_for_in_as_many_photographs_together_as_the_memory_is_meant_to_hold(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, large = Middle(), Middle()

    list(photographs(folder, few).batches(0))
    monkeypatch.setattr(found, "PIXELS_AT_ONCE", 3 * 80 * 80)
    list(photographs(folder, large).batches(0))

    assert [len(rgbs) for rgbs in few.given] == [15, 16, 8]  # the damaged one is not shown
    areas = [[rgb.shape[0] * rgb.shape[1] for rgb in rgbs] for rgbs in large.given]
    assert all(sum(area[:-1]) < found.PIXELS_AT_ONCE for area in areas)
    assert max(map(len, areas)) <= 4


def test_single_faces_are_found_again_by_number(folder: Path) -> None:
    pictures = photographs(folder, Middle()).pictures([33, 7, 2])

    assert [int(picture[0, 0, 0]) for picture in pictures] == [133, 128, 102]
