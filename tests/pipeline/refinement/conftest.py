"""Untrained networks of a small bundle, and heads to refine for."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.refinement import Networks, Refiner
from tests.pipeline.tiny_bundle import write_tiny_bundle

HEADS = Path(__file__).parents[2] / "fixtures" / "heads"


@pytest.fixture(scope="package")
def networks(tmp_path_factory: pytest.TempPathFactory) -> Networks:
    """The networks of a bundle at 16 px."""
    return Networks.of(write_tiny_bundle(tmp_path_factory.mktemp("bundle")).bundle)


@pytest.fixture(scope="package")
def refiner(networks: Networks) -> Refiner:
    """One refiner for all, as in a worker: each step is traced once."""
    return Refiner(networks)


@pytest.fixture(scope="package")
def heads() -> np.ndarray:
    """Two heads of different people, uint8 (2, 16, 16, 3)."""
    pictures = []
    for name in ("20160", "40008"):
        bgr = cv2.imread(str(HEADS / f"{name}.jpg"))
        assert bgr is not None
        pictures.append(cv2.resize(bgr, (16, 16), interpolation=cv2.INTER_AREA)[:, :, ::-1])
    return np.stack(pictures)
