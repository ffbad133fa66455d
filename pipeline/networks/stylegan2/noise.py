"""Noise maps drawn with NumPy, or kept with a generator: the same on every device and for every runtime."""

from collections.abc import Mapping, Sequence

import numpy as np

from pipeline.networks.stylegan2.config import StyleGAN2Config


def noise_from_seed(sides: Sequence[int], seed: int) -> list[np.ndarray]:
    """Noise maps float32 (1, side, side), one for each of ``sides``, in order."""
    random = np.random.default_rng(seed)
    return [random.standard_normal((1, side, side), np.float32) for side in sides]


def constant_noise(config: StyleGAN2Config, arrays: Mapping[str, np.ndarray]) -> list[np.ndarray]:
    """The noise maps that are part of a generator's weights, by their paths, as ``noise_from_seed`` has them.

    With them a code has one picture, that of the generator called without noise.
    """
    convolutions = ("conv0", "conv1")
    layers = [
        f"b{side}/{name}" for side in config.resolutions for name in convolutions[1 if side == 4 else 0 :]
    ]
    return [arrays[f"synthesis/{layer}/noise_const"].astype(np.float32)[None] for layer in layers]
