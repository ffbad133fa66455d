"""Perceptual path length: how much the picture changes along a way through the latent space.

Karras et al. 2019 (section 4.1) and 2020: pairs of points ε = 1e-4 apart on a way between two random codes,
the distance of their pictures over ε², the mean of what lies between the first and the last percentile.
Pictures are not cropped. With ``end`` only the ways' beginnings are taken, as the 2020 paper does it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

EPSILON: Final = 1e-4
Space: TypeAlias = Literal["z", "w"]
Sampling: TypeAlias = Literal["full", "end"]
SPACES: Final[tuple[Space, ...]] = ("z", "w")
SAMPLINGS: Final[tuple[Sampling, ...]] = ("full", "end")
Mapping: TypeAlias = Callable[[np.ndarray], np.ndarray]
"""z (n, z_dim) → w (n, w_dim)."""
Distance: TypeAlias = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Two times w (n, w_dim) → distances (n,) of the pictures made of them."""


@dataclass(frozen=True)
class PathLength:
    """Mean of the trimmed lengths, and their standard error."""

    mean: float
    error: float
    samples: int


def slerp(a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Way along the sphere between the directions of a and b (n, size); t (n, 1); results of length 1."""
    a, b = _direction(a), _direction(b)
    along = np.sum(a * b, axis=-1, keepdims=True)
    angle = t * np.arccos(np.clip(along, -1.0, 1.0))
    return _direction(a * np.cos(angle) + _direction(b - along * a) * np.sin(angle))


def lerp(a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Straight way between a and b."""
    return np.asarray(a + (b - a) * t)


def path_lengths(
    mapping: Mapping,
    distance: Distance,
    *,
    z_dim: int,
    space: Space,
    sampling: Sampling,
    samples: int,
    batch: int,
    seed: int,
    epsilon: float = EPSILON,
) -> Iterator[np.ndarray]:
    """Lengths of random ways, batch by batch: (batch,) each, ``samples`` in all."""
    random = np.random.default_rng(seed)
    for done in range(0, samples, batch):
        count = min(batch, samples - done)
        ends = random.standard_normal((2, count, z_dim))
        t = random.random((count, 1)) if sampling == "full" else np.zeros((count, 1))
        if space == "z":
            first, second = (mapping(slerp(ends[0], ends[1], where)) for where in (t, t + epsilon))
        else:
            codes = mapping(ends[0]), mapping(ends[1])
            first, second = (lerp(*codes, where) for where in (t, t + epsilon))
        yield np.asarray(distance(first, second), np.float64) / epsilon**2


def summarised(lengths: np.ndarray) -> PathLength:
    """Leave out what lies below the first and above the last percentile, as published."""
    low = np.percentile(lengths, 1, method="lower")
    high = np.percentile(lengths, 99, method="higher")
    kept = lengths[(lengths >= low) & (lengths <= high)]
    return PathLength(float(kept.mean()), float(kept.std() / np.sqrt(len(kept))), len(lengths))


def _direction(x: np.ndarray) -> np.ndarray:
    return np.asarray(x / np.linalg.norm(x, axis=-1, keepdims=True))
