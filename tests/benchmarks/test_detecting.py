"""How much faster faces are found in many photographs at once."""

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.dataset.images import read_rgb
from pipeline.dataset.running import BATCH
from pipeline.faces.detector import Image, MTCNNDetector
from tests.benchmarks.figures import at_least, show

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

PORTRAITS = sorted((Path(__file__).parents[1] / "fixtures" / "portraits").glob("*.jpg"))
COUNT, ROUNDS = 2 * BATCH, 7


def photographs(*, of_one_size: bool) -> list[Image]:
    """Photographs with one face each of some 130 to 200 pixels."""
    pictures = []
    for number in range(COUNT):
        rgb = read_rgb(PORTRAITS[number % len(PORTRAITS)])
        assert rgb is not None
        side = 560 if of_one_size else 512 + 4 * number
        pictures.append(np.asarray(cv2.resize(rgb, (side, 600), interpolation=cv2.INTER_CUBIC), np.uint8))
    return pictures


@pytest.mark.parametrize("of_one_size", [True, False], ids=["one size", "all sizes differ"])
@pytest.mark.parametrize("min_face", [1, 128], ids=["any face", "faces from 128 pixels"])
def test_detection(of_one_size: bool, min_face: int) -> None:
    from mtcnn import MTCNN

    detector, package, pictures = MTCNNDetector(), MTCNN(), photographs(of_one_size=of_one_size)
    parts = [pictures[start : start + BATCH] for start in range(0, COUNT, BATCH)]
    ways: dict[str, Callable[[], object]] = {
        "mtcnn by itself": lambda: [package.detect_faces(rgb) for rgb in pictures],
        "one by one": lambda: [detector.detect_batch([rgb], min_face=min_face) for rgb in pictures],
        "in batches": lambda: [detector.detect_batch(part, min_face=min_face) for part in parts],
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    for _ in range(ROUNDS):  # in turns, so that other work on the machine slows all alike
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            rates[name].append(COUNT / (time.perf_counter() - started))

    label = f"detection, {'one size' if of_one_size else 'mixed sizes'}, faces from {min_face}"
    for name, measured in rates.items():
        show(f"{label}, {name}", measured, unit="img/s")
    for other, promised in (("one by one", None), ("mtcnn by itself", at_least(1.5))):
        gains = [many / one for many, one in zip(rates["in batches"], rates[other], strict=True)]
        show(f"{label}, batches against {other}", gains, unit="times", promised=promised)
