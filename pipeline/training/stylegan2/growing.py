"""Growing: a run at twice the resolution that starts from what a smaller one learned.

The larger networks first compute exactly what the smaller ones did (Chen et al. 2016, Net2Net): the generator
gives the smaller image upsampled, the discriminator judges the image downsampled. What they add is learned
from there, so nothing that was learned is lost to a random block on top of it.
"""

import numpy as np

from pipeline.networks.stylegan2 import Discriminator, Generator
from pipeline.training.stylegan2.weights import Weights, named

SLOPE, GAIN = 0.2, np.sqrt(2.0)  # of every leaky ReLU


def grown_generator(old: Weights, generator: Generator) -> Weights:
    """Weights under which ``generator`` gives the smaller image upsampled: the new to-RGB adds nothing."""
    new = named(generator)
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
    new = named(discriminator)
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
