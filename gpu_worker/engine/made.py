"""What the engine makes."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Made:
    """A synthetic face and what makes it again.

    Attributes:
        image: uint8 (resolution, resolution, 3), RGB.
        w_plus: float32 (num_ws, w_dim).
        noise_seed: seed of the synthesis noise.
        similarity: resemblance to the face it was made from, in [-1, 1].
    """

    image: np.ndarray
    w_plus: np.ndarray
    noise_seed: int
    similarity: float
