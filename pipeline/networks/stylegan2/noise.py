"""Noise maps drawn with NumPy: the same on every device and for every runtime."""

from collections.abc import Sequence

import numpy as np


def noise_from_seed(sides: Sequence[int], seed: int) -> list[np.ndarray]:
    """Noise maps float32 (1, side, side), one for each of ``sides``, in order."""
    random = np.random.default_rng(seed)
    return [random.standard_normal((1, side, side), np.float32) for side in sides]
