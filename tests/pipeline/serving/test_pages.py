"""A page is the same whichever runtime serves it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from django.conf import settings

from gpu_worker.engine import Engine


def told(description: Mapping[str, Any] | None) -> dict[str, Any]:
    """What is said of a face, without how sure it is: that is rounded to a thousandth."""
    return {key: finding["value"] for key, finding in (description or {}).items()}


@pytest.fixture(scope="module")
def engines() -> list[Engine]:
    """The bundle that ships, by OpenVINO and by TensorFlow."""
    return [Engine.load(settings.LIGAN_BUNDLE, "openvino"), Engine.load(settings.LIGAN_BUNDLE, "tensorflow")]


@pytest.mark.parametrize("seed", range(3))
def test_the_same_faces_are_chosen_in_the_same_order(engines: list[Engine], seed: int) -> None:
    (start,) = engines[0].random_codes(1, seed)
    (suspect,) = engines[0].render(start[None])

    pages = [
        engine.neighbours(start, reference=suspect, seed=seed, locks={"sex": "same"}) for engine in engines
    ]

    ours, theirs = pages
    assert len(ours) == len(theirs) > 0
    for face, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(face.latent.w_plus, other.latent.w_plus)
        assert np.abs(face.image.astype(np.int16) - other.image).max() <= 1
        # Of pictures a few of whose pixels are a level apart.
        np.testing.assert_allclose(face.identity, other.identity, atol=1e-3)
        assert told(face.description) == told(other.description)
