"""Networks of twice the resolution start from exactly what the smaller ones learned."""

from dataclasses import replace

import keras
import numpy as np

from pipeline.networks.stylegan2 import Discriminator, Generator, StyleGAN2Config
from pipeline.networks.stylegan2.resampling import downsample, upsample
from pipeline.training.stylegan2.growing import grown_discriminator, grown_generator
from pipeline.training.stylegan2.weights import assign, assign_named, named

SMALL = StyleGAN2Config(resolution=8, channel_base=128, channel_max=12, z_dim=8, w_dim=8, mapping_layers=2)
LARGE = replace(SMALL, resolution=16)


def randomised(model: keras.Model) -> keras.Model:
    """The model with random weights everywhere."""
    random = np.random.default_rng(0)
    for variable in model.weights:
        variable.assign(random.normal(size=variable.shape))
    return model


def test_the_grown_generator_gives_the_smaller_image_upsampled() -> None:
    z = np.random.default_rng(1).normal(size=(4, 8)).astype(np.float32)
    small, large = randomised(Generator(SMALL)), Generator(LARGE)
    assign_named(large, grown_generator(named(small), large))
    assign(large.noise_constants[: len(small.noise_constants)], small.noise_constants)
    expected = np.asarray(upsample(small(z), "channels_last"))
    np.testing.assert_allclose(large(z), expected, atol=1e-5 * expected.std())


def test_the_grown_discriminator_judges_the_image_downsampled() -> None:
    images = np.random.default_rng(2).normal(size=(4, 16, 16, 3)).astype(np.float32)
    small, large = randomised(Discriminator(SMALL)), Discriminator(LARGE)
    assign_named(large, grown_discriminator(named(small), large))
    np.testing.assert_allclose(large(images), small(downsample(images, "channels_last")), rtol=1e-3)
