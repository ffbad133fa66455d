"""Sizes are configuration."""

import keras
import numpy as np
import pytest

from pipeline.networks.stylegan2 import Discriminator, Generator, StyleGAN2Config


@pytest.mark.parametrize(("resolution", "num_ws"), [(8, 4), (16, 6), (32, 8), (128, 12)])
def test_w_plus_has_two_rows_for_each_resolution(resolution: int, num_ws: int) -> None:
    assert StyleGAN2Config(resolution=resolution).num_ws == num_ws


@pytest.mark.parametrize("resolution", [0, 4, 12, 100])
def test_a_side_that_is_no_power_of_two_is_refused(resolution: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        StyleGAN2Config(resolution=resolution)


def test_the_published_network_has_the_published_number_of_weights() -> None:
    config = StyleGAN2Config(resolution=128, channel_base=16384)
    generator, discriminator = Generator(config), Discriminator(config)
    assert sum(int(np.prod(v.shape)) for v in generator.trainable_variables) == 24_525_213
    assert sum(int(np.prod(v.shape)) for v in discriminator.trainable_variables) == 23_882_369


@pytest.mark.parametrize("resolution", [8, 32])
def test_images_and_logits_have_the_configured_sizes(resolution: int) -> None:
    config = StyleGAN2Config(
        resolution=resolution, channel_base=128, channel_max=8, z_dim=5, w_dim=7, mapping_layers=2
    )
    images = Generator(config)(np.zeros((3, 5), np.float32) + 1)
    assert tuple(images.shape) == (3, resolution, resolution, 3)
    assert tuple(Discriminator(config)(images).shape) == (3, 1)


def test_a_configuration_survives_being_written_down() -> None:
    config = StyleGAN2Config(resolution=32, channel_base=512, conv_clamp=256.0)
    assert StyleGAN2Config.from_dict(config.to_dict()) == config


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="JAX compiles for each size of batch")
def test_one_compiled_function_serves_every_size_of_batch() -> None:
    import tensorflow as tf

    config = StyleGAN2Config(
        resolution=16, channel_base=128, channel_max=8, z_dim=5, w_dim=7, mapping_layers=2
    )
    generator, discriminator = Generator(config), Discriminator(config)
    judged = tf.function(
        lambda z: discriminator(generator(z)), input_signature=[tf.TensorSpec((None, 5), tf.float32)]
    )
    for batch in (1, 2, 3, 8):
        assert tuple(judged(np.ones((batch, 5), np.float32)).shape) == (batch, 1)
    assert judged.experimental_get_tracing_count() == 1
