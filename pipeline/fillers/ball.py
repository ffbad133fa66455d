"""Where similar faces are drawn: a ball in a subspace of w+ (thesis §3.4.5)."""

from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Neighbourhood:
    """Principal components of encoded faces, and the radii of the pages.

    Most of w+ makes no face; the components of w+ as encoded from faces are the directions that do. A
    point is taken into the subspace, points are drawn from a ball around it, and taken back.

    Attributes:
        mean: float32 (num_ws * w_dim,).
        components: float32 (components, num_ws * w_dim), orthonormal rows.
        deviations: float32 (components,), standard deviation of faces along each.
        features_mean: float32 (features,), mean of the encoder's features, from which resemblance is
            measured.
        whiten: measure each component in its own deviation, so that the ball is as wide as faces are.
        first_radius: radius of the first page's ball.
        radius_step: growth from page to page.
    """

    mean: np.ndarray
    components: np.ndarray
    deviations: np.ndarray
    features_mean: np.ndarray
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
        """Radius of the ball of ``page``, counted from 1."""
        if page < 1:
            raise ValueError(f"pages are counted from 1, not {page}")
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

    def draw(self, w_plus: np.ndarray, count: int, *, page: int, seed: int) -> np.ndarray:
        """Points of the ball of ``page``, whose radius the description of the bundle gave.

        Returns:
            float32 (count, num_ws, w_dim); the same for the same seed and page.
        """
        random = np.random.default_rng((seed, page))
        return self.around(w_plus, count, radius=self.radius(page), random=random)

    def around(
        self,
        w_plus: np.ndarray,
        count: int,
        *,
        radius: float,
        random: np.random.Generator,
        held: np.ndarray | None = None,
    ) -> np.ndarray:
        """Points drawn uniformly from a ball around ``w_plus`` float (num_ws, w_dim).

        They move away from it within the subspace; what it has outside of that, they have too. Of an encoded
        point that is next to nothing, but much of what a refinement found lies there.

        Args:
            held: float (k, components), orthonormal: ways along which no point leaves the centre.

        Returns:
            float32 (count, num_ws, w_dim).
        """
        size = len(self.components)
        directions = random.standard_normal((count, size))
        if held is not None and len(held):
            directions -= (directions @ held.T) @ held
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        distances = radius * random.random((count, 1)) ** (1.0 / size)
        centre = self.project(w_plus[None])
        moved = self.lift(np.asarray(centre + directions * distances, np.float32), w_plus.shape[0])
        return np.asarray(moved + (w_plus[None] - self.lift(centre, w_plus.shape[0])))


def centred_cosine(features: np.ndarray, reference: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Resemblance in [-1, 1]: cosine between features float (n, f) and ``reference`` (f,), both minus
    ``mean``."""
    a, b = features - mean, reference - mean
    norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b)
    return np.asarray((a @ b) / np.maximum(norms, 1e-12), np.float32)
