"""How long it takes to compare somebody with every face of a large gallery."""

import time
from pathlib import Path

import numpy as np
import pytest

from pipeline.gallery.about import COARSE_SCALE
from pipeline.gallery.gallery import unit
from pipeline.gallery.identities import Identities
from tests.benchmarks.figures import at_most, show

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]
MANY, PART, SIZE = 100_000, 10_000, 1024
PROMISED = 0.1  # a tenth of what a million faces may take


def test_a_hundred_thousand_faces_are_compared_in_a_tenth_of_a_second(tmp_path: Path) -> None:
    fine = np.lib.format.open_memmap(tmp_path / "fine.npy", "w+", np.float16, (MANY, SIZE))
    coarse = np.lib.format.open_memmap(tmp_path / "coarse.npy", "w+", np.int8, (MANY, SIZE))
    random = np.random.default_rng(0)
    for start in range(0, MANY, PART):
        part = unit(np.abs(random.standard_normal((PART, SIZE), np.float32)))
        fine[start : start + PART] = part
        coarse[start : start + PART] = np.clip(np.round(part * COARSE_SCALE), -127, 127)
    identities, seconds = Identities(fine, coarse, COARSE_SCALE), []
    wanted = unit(np.abs(random.standard_normal((5, SIZE), np.float32)))
    for who in wanted:
        begin = time.perf_counter()
        identities.nearest(who[None])
        seconds.append(time.perf_counter() - begin)

    show("comparison with 100,000 faces of a gallery", seconds, unit="s", promised=at_most(PROMISED))
