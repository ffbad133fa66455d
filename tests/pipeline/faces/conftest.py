"""The detector is slow to load: one for all tests here."""

import pytest

from pipeline.faces.detector import MTCNNDetector


@pytest.fixture(scope="session")
def detector() -> MTCNNDetector:
    return MTCNNDetector()
