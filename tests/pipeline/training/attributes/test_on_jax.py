"""Attribute models train alike on the JAX backend."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipeline.training.attributes.updates import losses

ROOT = Path(__file__).parents[4]
PROGRAM = Path(__file__).with_name("updates.py")


def test_updates_on_jax_are_those_on_tensorflow() -> None:
    environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(PROGRAM)], env=environment, capture_output=True, text=True, check=True
    )
    found, expected = json.loads(done.stdout), losses()
    assert found["celeba"] == pytest.approx(expected["celeba"], rel=5e-3)
    assert found["fairface"] == pytest.approx(expected["fairface"], rel=5e-3)
