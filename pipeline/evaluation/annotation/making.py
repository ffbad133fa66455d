"""Faces that a bundle's generator makes."""

import numpy as np

from pipeline.networks.bundle import Bundle
from pipeline.networks.stylegan2.noise import constant_noise
from pipeline.serving.networks import Networks


class Maker:
    """A bundle's generator; its noise is constant, so that a code has one picture.

    Args:
        bundle: with a generator.
        networks: the bundle's.
    """

    def __init__(self, bundle: Bundle, networks: Networks) -> None:
        weights = bundle.part("generator")
        self.config, self.networks = bundle.generator_config, networks
        self._noise = constant_noise(self.config, weights)
        self._w_avg = weights["mapping/w_avg"].astype(np.float32)

    def latents(self, count: int, seed: int) -> np.ndarray:
        """Codes z, float32 (count, z_dim); more of them begin with the same ones."""
        random = np.random.default_rng(seed)
        return random.standard_normal((count, self.config.z_dim)).astype(np.float32)

    def pictures(self, z: np.ndarray, psi: float = 1.0) -> np.ndarray:
        """z float32 (n, z_dim) → uint8 (n, side, side, 3), truncated by ψ."""
        w = self._w_avg + np.float32(psi) * (self.networks.map(z) - self._w_avg)
        return self.networks.synthesise(np.repeat(w[:, None], self.config.num_ws, axis=1), self._noise)
