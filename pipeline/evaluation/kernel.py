"""Kernel distance between two sets of features (Bińkowski et al. 2018): unbiased, also for few samples."""

from dataclasses import dataclass

import numpy as np

from pipeline.evaluation.frechet import Features


@dataclass(frozen=True)
class KernelDistance:
    """Squared maximum mean discrepancy: mean and deviation over random subsets."""

    mean: float
    deviation: float
    subsets: int
    subset_size: int


def kernel_distance(
    real: Features, generated: Features, *, subsets: int = 100, subset_size: int = 1000, seed: int = 0
) -> KernelDistance:
    """Compare random subsets by the polynomial kernel (x·y / size + 1)³, as published.

    Args:
        subset_size: at most; smaller where there are fewer features.
    """
    count = min(subset_size, len(real), len(generated))
    if count < 2:
        raise ValueError("a kernel distance needs two samples or more of each kind")
    random = np.random.default_rng(seed)
    values = [
        squared_discrepancy(
            real[random.choice(len(real), count, replace=False)],
            generated[random.choice(len(generated), count, replace=False)],
        )
        for _ in range(subsets)
    ]
    return KernelDistance(float(np.mean(values)), float(np.std(values)), subsets, count)


def squared_discrepancy(a: Features, b: Features) -> float:
    """Unbiased estimate, zero on average for equal distributions; can be negative."""
    a64, b64 = np.asarray(a, np.float64), np.asarray(b, np.float64)
    n, m = len(a), len(b)
    within_a, within_b, across = _kernel(a64, a64), _kernel(b64, b64), _kernel(a64, b64)
    same_a = (within_a.sum() - np.trace(within_a)) / (n * (n - 1))
    same_b = (within_b.sum() - np.trace(within_b)) / (m * (m - 1))
    return float(same_a + same_b - 2.0 * across.mean())


def _kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.asarray((a @ b.T / a.shape[1] + 1.0) ** 3)
