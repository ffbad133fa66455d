"""Evaluation uses the photographs that the site would use, and refuses the others with the same sentence."""

from pathlib import Path

import cv2
import pytest

from gpu_worker.suspect import find
from pipeline.evaluation.photographs import portraits_in
from pipeline.faces.choice import MIN_SUSPECT_HEIGHT, MIN_SUSPECT_WIDTH, FaceTooSmall
from pipeline.faces.detector import Detection, Image
from tests.gpu_worker.tiny_engine import SIDE, portrait

LARGE, SMALL = 200, 100
WIDTH, HEIGHT = MIN_SUSPECT_WIDTH, MIN_SUSPECT_HEIGHT
TOO_SMALL = [(WIDTH - 1, HEIGHT), (WIDTH, HEIGHT - 1)]


class Found:
    """A detector that finds a large face in a large photograph, and one of a given size in a small one."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size

    def detect(self, rgb: Image) -> list[Detection]:
        width, height = (80, 100) if rgb.shape[0] == LARGE else self.size
        return [Detection((20, 20, width, height), 0.99)]


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """A large photograph and a small one."""
    for name, side in (("large", LARGE), ("small", SMALL)):
        cv2.imwrite(str(tmp_path / f"{name}.png"), portrait(side=side))
    return tmp_path


def used_and_refused(photographs: Path, size: tuple[int, int]) -> tuple[list[str], dict[str, str]]:
    """The names of the photographs that are used, and why the others are refused."""
    portraits, refused = portraits_in(photographs, Found(size), None, SIDE)
    return [one.name for one in portraits], refused


def test_the_smallest_face_that_the_site_accepts_is_evaluated(photographs: Path) -> None:
    find(portrait(side=SMALL), Found((WIDTH, HEIGHT)))

    assert used_and_refused(photographs, (WIDTH, HEIGHT)) == (["large", "small"], {})


@pytest.mark.parametrize("size", TOO_SMALL)
def test_a_face_that_is_too_small_for_the_site_is_too_small_for_evaluation(
    photographs: Path, size: tuple[int, int]
) -> None:
    with pytest.raises(FaceTooSmall) as refusal:
        find(portrait(side=SMALL), Found(size))

    assert used_and_refused(photographs, size) == (["large"], {"small.png": str(refusal.value)})
