"""The weights of a run: what its checkpoints hold, and the networks made of them again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras

from pipeline.networks.stylegan2 import Discriminator, Generator
from pipeline.training.checkpoints import Checkpoint, load_checkpoint, load_notes
from pipeline.training.stylegan2.config import Precision, TrainingConfig
from pipeline.training.stylegan2.steps import State, Steps


def kept(state: State, generator: Generator) -> dict[str, Any]:
    """What a checkpoint holds: the state, and the generator's constant noise."""
    return {"state": state, "noise": [constant.value for constant in generator.noise_constants]}


def assign(variables: Sequence[Any], values: Sequence[Any]) -> None:
    """Give each variable its value."""
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


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
    """Networks of a checkpoint's sizes with random weights, and the checkpoint: state as in :func:`kept`."""
    config = TrainingConfig.from_dict(load_notes(path)["config"])
    generator, discriminator = Generator(config.network), Discriminator(config.network)
    template = kept(Steps(config, generator, discriminator).initial_state(), generator)
    return generator, discriminator, load_checkpoint(path, template)
