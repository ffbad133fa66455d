"""A face of nobody, with what makes it again and what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Description = Mapping[str, Any]
"""What is predicted of a face: attribute → its ``value`` and the ``confidence`` in it, 0..1."""


@dataclass(frozen=True, eq=False)
class SyntheticFace:
    """A face that was made.

    Attributes:
        image: uint8 (r, r, 3), RGB.
        w_plus: float32 (num_ws, w_dim).
        noise_seed: seed of the synthesis noise; with ``w_plus`` and a bundle it makes the face again.
        identity: float32 (d,), unit length: who it looks like.
        similarity: of its identity to the suspect's, or to that of the face it was made from, -1..1.
        realism: share of the generator's own faces that the discriminator finds less real, 0..1; None where
            it was not asked or is not known.
        description: what is predicted of it; None likewise.
    """

    image: np.ndarray
    w_plus: np.ndarray
    noise_seed: int
    identity: np.ndarray
    similarity: float
    realism: float | None = None
    description: Description | None = None
