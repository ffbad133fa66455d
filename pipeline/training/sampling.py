"""Drawing from a generator's distribution of w."""

import numpy as np
from keras import ops

from pipeline.networks.stylegan2 import Generator


def sample_w(generator: Generator, count: int, seed: int) -> np.ndarray:
    """Draw w: float32 (count, w_dim)."""
    z = np.random.default_rng(seed).standard_normal((count, generator.config.z_dim)).astype(np.float32)
    return np.asarray(ops.convert_to_numpy(ops.cast(generator.mapping(z), "float32")))
