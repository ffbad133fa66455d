"""Coordinates of codes: principal components, all in one unit."""

from dataclasses import dataclass
from typing import Self

import numpy as np


@dataclass(frozen=True)
class Coordinates:
    """Where codes are in the subspace that they fill.

    Attributes:
        mean: float32 (w_dim,).
        components: float32 (dimensions, w_dim), orthonormal rows.
        unit: deviation of the coordinates, all together.
        explained: share of the codes' variance that the components hold.
    """

    mean: np.ndarray
    components: np.ndarray
    unit: float
    explained: float

    @classmethod
    def of(cls, codes: np.ndarray, dimensions: int) -> Self:
        """Fitted on codes float32 (n, w_dim)."""
        from sklearn.decomposition import PCA

        pca = PCA(dimensions, svd_solver="full").fit(codes)
        return cls(
            mean=pca.mean_.astype(np.float32),
            components=pca.components_.astype(np.float32),
            unit=float(np.sqrt(pca.explained_variance_.mean())),
            explained=float(pca.explained_variance_ratio_.sum()),
        )

    def project(self, codes: np.ndarray) -> np.ndarray:
        """Codes (n, w_dim) → coordinates float32 (n, dimensions)."""
        return np.asarray((codes - self.mean) @ self.components.T / self.unit, np.float32)

    def lift(self, coordinates: np.ndarray) -> np.ndarray:
        """The inverse of :meth:`project` within the components: float32 (n, w_dim)."""
        return np.asarray(coordinates * self.unit @ self.components + self.mean, np.float32)
