"""A lineup of drawn heads."""

import pytest

from pipeline.faces.head import Head
from tests.pipeline.appearance.drawn import drawn_head


@pytest.fixture(scope="session")
def six() -> list[Head]:
    """The suspect first; all are drawn alike."""
    return [drawn_head(seed) for seed in range(6)]
