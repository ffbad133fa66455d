"""Builds in this process have libraries use one thread; tests of other modules, and the processes that they
start, shall not notice: a sum among other threads has other last digits."""

import os
from collections.abc import Iterator

import cv2
import pytest

from pipeline.faces.detector import MTCNNDetector
from pipeline.workers.process import VARIABLES


@pytest.fixture(scope="module", autouse=True)
def threads_as_before() -> Iterator[None]:
    before, number = {name: os.environ.get(name) for name in VARIABLES}, cv2.getNumThreads()
    yield
    cv2.setNumThreads(number)
    for name, value in before.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value


@pytest.fixture(scope="session")
def detector() -> MTCNNDetector:
    """The detector is slow to load: one for all tests here."""
    return MTCNNDetector()
