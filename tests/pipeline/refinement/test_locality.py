"""Pivotal tuning for one person leaves everybody else as they were, as far as it can."""

from typing import Any

import numpy as np
import pytest

from pipeline.refinement import Networks
from pipeline.refinement.method import Beginning
from pipeline.refinement.pivotal import Pivotal, PivotalSettings

STEPS = 60


def tuned(networks: Networks, head: np.ndarray, *, locality_weight: float) -> list[Any]:
    """Weights of the synthesis network after some steps of tuning."""
    photographs = head.astype(np.float32) / 127.5 - 1
    method = Pivotal(networks, PivotalSettings(locality_weight=locality_weight, generator_rate=5e-3))
    beginning = Beginning(
        photographs=photographs,
        pivots=networks.encoder(photographs, training=False)["w_plus"],
        generator=networks.tuned({}, networks.synthesis_variables),
        encoder=[],
        again=True,
    )
    state, (tuning,) = method.begin(beginning), method.phases(beginning)
    for step in range(STEPS):
        state, _ = tuning.advance(state, step)
    return list(state["generator"])


def faces(networks: Networks, weights: list[Any]) -> np.ndarray:
    """Random faces, float32 (50, 16, 16, 3)."""
    generator = networks.generator
    z = np.random.default_rng(0).standard_normal((50, generator.config.z_dim)).astype(np.float32)
    ws = generator.broadcast(generator.mapping(z))
    return np.asarray(networks.synthesised(weights, ws, "none"))


def test_other_faces_change_less_than_without_the_regulariser(networks: Networks, heads: np.ndarray) -> None:
    before = faces(networks, networks.tuned({}, networks.synthesis_variables))
    kept, free = (
        float(np.square(faces(networks, tuned(networks, heads[:1], locality_weight=weight)) - before).mean())
        for weight in (1.0, 0.0)
    )
    assert kept < 0.5 * free


@pytest.mark.parametrize("part", ["mapping", "noise_strength"])
def test_it_does_not_touch(networks: Networks, part: str) -> None:
    assert networks.synthesis_variables
    assert not [variable.path for variable in networks.synthesis_variables if part in variable.path]
