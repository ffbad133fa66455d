"""The directions of w+ in which faces differ: principal components of encoded faces (thesis §3.4.5)."""

from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Subspace:
    """Most of w+ makes no face; the components of w+ as encoded from faces are the directions that do.

    Attributes:
        mean: float32 (num_ws * w_dim,).
        components: float32 (components, num_ws * w_dim), orthonormal rows.
        deviations: float32 (components,), standard deviation of faces along each.
        whiten: measure each component in its own deviation, so that a ball is as wide as faces are.
        first_radius: radius of the first page's ball, for bundles without a band.
        radius_step: its growth from page to page.
    """

    mean: np.ndarray
    components: np.ndarray
    deviations: np.ndarray
    whiten: bool
    first_radius: float
    radius_step: float

    def settings(self) -> dict[str, Any]:
        """The plain values, for ``bundle.json``."""
        return {k: v for k, v in asdict(self).items() if not isinstance(v, np.ndarray)}

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays, for the bundle's file."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}

    def radius(self, page: int) -> float:
        """Radius of the ball of ``page``, counted from 1, where no band was measured."""
        return self.first_radius + (page - 1) * self.radius_step

    def project(self, w_plus: np.ndarray) -> np.ndarray:
        """w+ float (n, num_ws, w_dim) → coordinates float32 (n, components)."""
        flat = w_plus.reshape(len(w_plus), -1) - self.mean
        coordinates = flat @ self.components.T
        return np.asarray(coordinates / self.deviations if self.whiten else coordinates)

    def lift(self, coordinates: np.ndarray, num_ws: int) -> np.ndarray:
        """The inverse of :meth:`project` within the subspace: float32 (n, num_ws, w_dim)."""
        scaled = coordinates * self.deviations if self.whiten else coordinates
        flat = scaled @ self.components + self.mean
        return np.asarray(flat.reshape(len(coordinates), num_ws, -1), np.float32)
