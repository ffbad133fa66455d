"""The weights of a run: what its checkpoints hold, and the networks made of them again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from pipeline.networks.stylegan2 import Discriminator, Generator
from pipeline.training.checkpoints import Checkpoint, load_checkpoint, load_notes
from pipeline.training.schedule import Precision
from pipeline.training.stylegan2.config import TrainingConfig

Weights = dict[str, np.ndarray]
"""Trainable weights by path."""


def kept(state: dict[str, Any], generator: Generator) -> dict[str, Any]:
    """What a checkpoint holds: the state, and the generator's constant noise."""
    return {"state": state, "noise": [constant.value for constant in generator.noise_constants]}


def assign(variables: Sequence[Any], values: Sequence[Any]) -> None:
    """Give each variable its value."""
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def named(model: Any, values: Sequence[Any] | None = None) -> Weights:
    """A model's trainable weights by path: its own, or ``values`` in their order."""
    own = model.trainable_variables
    values = own if values is None else values
    arrays = [np.array(ops.convert_to_numpy(value)) for value in values]
    return {variable.path: array for variable, array in zip(own, arrays, strict=True)}


def assign_named(model: Any, weights: Weights) -> None:
    """Give each trainable variable its value."""
    assign(model.trainable_variables, [weights[v.path] for v in model.trainable_variables])


def averaged_networks(
    path: Path, precision: Precision = "float32"
) -> tuple[Generator, Discriminator, dict[str, Any]]:
    """The networks of a checkpoint and its notes.

    The generator is the averaged one, with its ``w_avg`` and noise. ``precision`` is the arithmetic's; Keras'
    policy is set to it.
    """
    keras.config.set_dtype_policy(precision)
    generator, discriminator, checkpoint = fresh_networks(path)
    loaded = checkpoint.state
    assign(generator.trainable_variables, loaded["state"]["ema"])
    assign(discriminator.trainable_variables, loaded["state"]["d"])
    assign(generator.noise_constants, loaded["noise"])
    generator.mapping.w_avg.assign(loaded["state"]["w_avg"])
    return generator, discriminator, checkpoint.notes


def fresh_networks(path: Path) -> tuple[Generator, Discriminator, Checkpoint]:
    """Networks of a checkpoint's sizes with random weights, and what the checkpoint says of both.

    Its state is as in :func:`kept`, without the optimisers and the averages of the losses.
    """
    config = TrainingConfig.from_dict(load_notes(path)["config"])
    generator, discriminator = Generator(config.network), Discriminator(config.network)
    g, d = generator.trainable_variables, discriminator.trainable_variables
    state = {"g": list(g), "ema": list(g), "d": list(d), "w_avg": generator.mapping.w_avg}
    return generator, discriminator, load_checkpoint(path, kept(state, generator))
