"""StyleGAN2 as published (Karras et al. 2020), written with ``keras.ops``; the generator of thesis §3.2."""

from typing import TYPE_CHECKING, Final

from pipeline.later import later
from pipeline.networks.stylegan2.config import StyleGAN2Config
from pipeline.networks.stylegan2.noise import noise_from_seed

if TYPE_CHECKING:
    from pipeline.networks.stylegan2.discriminator import Discriminator
    from pipeline.networks.stylegan2.generator import Generator

PLACES: Final = {
    "Discriminator": "pipeline.networks.stylegan2.discriminator",
    "Generator": "pipeline.networks.stylegan2.generator",
}

__all__ = ["Discriminator", "Generator", "StyleGAN2Config", "noise_from_seed"]

__getattr__ = later(__name__, PLACES)
