"""StyleGAN2 as published (Karras et al. 2020), written with ``keras.ops``; the generator of thesis §3.2."""

from pipeline.networks.stylegan2.config import StyleGAN2Config
from pipeline.networks.stylegan2.discriminator import Discriminator
from pipeline.networks.stylegan2.generator import Generator, noise_from_seed

__all__ = ["Discriminator", "Generator", "StyleGAN2Config", "noise_from_seed"]
