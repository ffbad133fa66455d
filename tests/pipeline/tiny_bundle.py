"""A bundle of untrained networks at 16 px, written by the code that writes real ones."""

from dataclasses import dataclass
from pathlib import Path

import keras

from pipeline.networks.bundle import Bundle, write_bundle
from pipeline.networks.encoder import EncoderConfig, build_encoder
from pipeline.networks.stylegan2 import Discriminator, Generator, StyleGAN2Config
from pipeline.training.neighbours import encoded_samples, fit_neighbourhood

GENERATOR = StyleGAN2Config(
    resolution=16, channel_base=128, channel_max=8, z_dim=8, w_dim=8, mapping_layers=2
)
ENCODER = EncoderConfig(
    resolution=16, num_ws=6, w_dim=8, backbone_widths=(4, 6, 8), pyramid_channels=4, coarse=2, medium=2
)


@dataclass(frozen=True)
class Written:
    """A bundle and the networks it was made of."""

    bundle: Bundle
    generator: Generator


def write_tiny_bundle(folder: Path) -> Written:
    """Write the bundle into ``folder``."""
    keras.utils.set_random_seed(3)
    generator, encoder = Generator(GENERATOR), build_encoder(ENCODER)
    ws, features = encoded_samples(generator, encoder, samples=50, seed=0)
    neighbourhood = fit_neighbourhood(
        ws, features, components=5, whiten=True, first_radius=1.0, radius_step=0.5
    )
    bundle = write_bundle(
        folder,
        generator=generator,
        discriminator=Discriminator(GENERATOR),
        encoder=encoder,
        encoder_config=ENCODER,
        neighbourhood=neighbourhood,
        facts={"name": "tiny", "framing": None},
    )
    return Written(bundle, generator)
