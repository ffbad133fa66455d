"""Fréchet distance between two sets of features, taken as Gaussians (Heusel et al. 2017)."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Features: TypeAlias = npt.NDArray[np.floating[Any]]
"""float (n, size)."""
Matrix: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Gaussian:
    """Mean (size,) and covariance (size, size), float64."""

    mean: Matrix
    covariance: Matrix

    @classmethod
    def of(cls, features: Features) -> "Gaussian":
        """Fit to features (n, size), n from 2 up; the covariance is the unbiased one."""
        if len(features) < 2:
            raise ValueError(f"a covariance needs two samples or more, not {len(features)}")
        wide = np.asarray(features, np.float64)
        return cls(wide.mean(axis=0), np.atleast_2d(np.cov(wide, rowvar=False)))


def frechet_distance(a: Gaussian, b: Gaussian) -> float:
    """Squared distance: ‖μa - μb‖² + tr(Σa + Σb - 2 (Σa Σb)^½).

    With Σa = A·Aᵀ and Σb = B·Bᵀ the trace of the root is the sum of the singular values of Aᵀ·B: no complex
    numbers, and no jitter where a covariance is singular.
    """
    mixed = np.linalg.svd(_factor(a.covariance).T @ _factor(b.covariance), compute_uv=False)
    trace = np.trace(a.covariance) + np.trace(b.covariance) - 2.0 * mixed.sum()
    return float(np.sum((a.mean - b.mean) ** 2) + trace)


def _factor(covariance: Matrix) -> Matrix:
    """A (size, rank) with A·Aᵀ = covariance; what is rounding only is left out."""
    values, vectors = np.linalg.eigh(covariance)
    real = values > len(values) * np.finfo(np.float64).eps * max(values[-1], 0.0)
    return np.asarray(vectors[:, real] * np.sqrt(values[real]))


def fid(real: Features, generated: Features) -> float:
    """Fréchet distance of two sets of features."""
    return frechet_distance(Gaussian.of(real), Gaussian.of(generated))


def fid_of_halves(features: Features, *, seed: int) -> float:
    """Distance between two random halves: what sampling alone makes of one distribution."""
    return fid(*halves(features, seed=seed))


def halves(features: Features, *, seed: int) -> tuple[Features, Features]:
    """Two random halves without a common member."""
    order = np.random.default_rng(seed).permutation(len(features))
    middle = len(features) // 2
    return features[order[:middle]], features[order[middle:]]
