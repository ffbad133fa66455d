"""Losses of a few updates of both models, as a program: ``python updates.py`` → JSON.

Backends draw different random numbers, so nothing is dropped out and there are no dense layers to initialise.
"""

import json
import sys
from dataclasses import replace
from typing import Any

import numpy as np
from keras import ops

from pipeline.networks.attributes import CelebAConfig, build_network
from pipeline.networks.backend import compiled
from pipeline.training.attributes.steps import AttributeSteps
from tests.pipeline.training.attributes.short_run import TINY

FACES = 4


def losses() -> dict[str, list[float]]:
    """Losses of three updates of each kind: of a CelebA model's whole, of a FairFace model's upper layers."""
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (FACES, 32, 32, 3), np.uint8)
    found = {}
    for kind, config in TINY.items():
        sizes = config.network
        changes: dict[str, Any] = {"dropout": 0.0} if isinstance(sizes, CelebAConfig) else {"dense": ()}
        steps = AttributeSteps(config, build_network(replace(sizes, **changes)))
        heads = {"celeba": 23} if kind == "celeba" else {"age": 9, "race": 7}
        targets = {
            name: np.eye(size, dtype=np.float32)[random.integers(size, size=FACES)]
            for name, size in heads.items()
        }
        update, state = compiled(steps.full_update), steps.initial_state(frozen=False)
        rate, values = ops.convert_to_tensor(1e-3, "float32"), []
        for _ in range(3):
            state, loss = update(state, ops.convert_to_tensor(images), targets, rate)
            values.append(float(loss))
        found[kind] = values
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(losses()))
