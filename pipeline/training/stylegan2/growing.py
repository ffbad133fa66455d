"""Growing: a run at twice the resolution that starts from what a smaller one learned.

The larger networks first compute exactly what the smaller ones did (Chen et al. 2016, Net2Net): the generator
gives the smaller image upsampled, the discriminator judges the image downsampled. What they add is learned
from there, so nothing that was learned is lost to a random block on top of it.
"""

from pathlib import Path

import numpy as np

from pipeline.networks.stylegan2 import Discriminator, Generator, StyleGAN2Config
from pipeline.training.stylegan2.config import TrainingConfig
from pipeline.training.stylegan2.starting import Weights, assign_named, named, origin, write_start
from pipeline.training.stylegan2.weights import assign, fresh_networks

SLOPE, GAIN = 0.2, np.sqrt(2.0)  # of every leaky ReLU


class CannotGrow(ValueError):
    """The smaller run does not fit under the larger network."""


def start_grown(smaller: Path, config: TrainingConfig, folder: Path) -> Path:
    """Write the first checkpoint of a run in ``folder`` that grows the run of checkpoint ``smaller``.

    Weights, their average and ``w_avg`` are taken over, optimisers start at rest, images are counted from 0.

    Raises:
        CannotGrow: ``config`` is not ``smaller``'s network at twice the resolution.
    """
    old_g, old_d, checkpoint = fresh_networks(smaller)
    check(old_g.config, config.network)
    old = checkpoint.state

    generator, discriminator = Generator(config.network), Discriminator(config.network)
    averaged = grown_generator(named(old_g, old["state"]["ema"]), generator)
    assign_named(generator, grown_generator(named(old_g, old["state"]["g"]), generator))
    assign_named(discriminator, grown_discriminator(named(old_d, old["state"]["d"]), discriminator))
    assign(generator.noise_constants[: len(old["noise"])], old["noise"])
    return write_start(
        folder,
        config,
        generator,
        discriminator,
        averaged=averaged,
        w_avg=old["state"]["w_avg"],
        origin={"grown_from": origin(checkpoint)},
    )


def check(small: StyleGAN2Config, large: StyleGAN2Config) -> None:
    """CannotGrow unless the two differ by one block at the top."""
    if large.resolution != 2 * small.resolution:
        raise CannotGrow(
            f"the checkpoint is of {small.resolution} px, which grows to {2 * small.resolution} px; "
            f"the preset asks for {large.resolution} px."
        )
    for what in ("z_dim", "w_dim", "mapping_layers", "image_channels", "minibatch_std_group"):
        if getattr(small, what) != getattr(large, what):
            raise CannotGrow(
                f"{what} is {getattr(small, what)} in the checkpoint, {getattr(large, what)} in the preset."
            )
    for side in small.resolutions:
        if small.channels(side) != large.channels(side):
            raise CannotGrow(
                f"the block at {side} px has {small.channels(side)} feature maps in the checkpoint, "
                f"{large.channels(side)} in the preset."
            )
    if large.channels(large.resolution) < 2 * large.image_channels:
        raise CannotGrow(
            f"the block at {large.resolution} px needs at least {2 * large.image_channels} maps."
        )


def grown_generator(old: Weights, generator: Generator) -> Weights:
    """Weights under which ``generator`` gives the smaller image upsampled: the new to-RGB adds nothing."""
    new = {v.path: np.asarray(v.value).copy() for v in generator.trainable_variables}
    top = f"synthesis/b{generator.config.resolution}/torgb"
    new[f"{top}/conv/kernel"][:] = 0.0
    return {**new, **old}


def grown_discriminator(old: Weights, discriminator: Discriminator) -> Weights:
    """Weights under which ``discriminator`` gives the smaller one's logit of the image downsampled.

    A leaky ReLU keeps x if both x and -x go through it: (relu(x) - relu(-x)) / (1 + slope) = x. So two maps
    carry each colour through the new block, whose last layer then is the smaller network's from-RGB. The
    other new maps keep their random weights and count for nothing until the layer after them uses them.
    """
    config = discriminator.config
    colours, block = config.image_channels, f"b{config.resolution}"
    carriers = 2 * colours
    new = {v.path: np.asarray(v.value).copy() for v in discriminator.trainable_variables}
    split = np.kron(np.eye(colours), [1.0, -1.0])  # (colours, carriers): x → x, -x
    joined = split.T / (GAIN * (1.0 + SLOPE))  # (carriers, colours): after the activation, back to x

    from_rgb, conv0 = new["fromrgb/kernel"], new[f"{block}/conv0/kernel"]
    conv1, skip = new[f"{block}/conv1/kernel"], new[f"{block}/skip/kernel"]
    from_rgb[0, 0, :, :carriers] = split * np.sqrt(colours)
    conv0[:, :, :, :carriers] = 0.0
    conv0[1, 1, :carriers, :carriers] = joined @ split * np.sqrt(9 * conv0.shape[2])
    old_from_rgb = old["fromrgb/kernel"][0, 0] / np.sqrt(colours)
    conv1[:] = 0.0
    conv1[1, 1, :carriers] = GAIN * (joined @ old_from_rgb) * np.sqrt(9 * conv1.shape[2])
    new[f"{block}/conv1/bias"][:] = GAIN * old["fromrgb/bias"]
    skip[:] = 0.0
    return {**new, **{path: value for path, value in old.items() if not path.startswith("fromrgb/")}}
