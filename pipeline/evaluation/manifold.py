"""Precision and recall of a generator: how much of each set lies on the other's manifold.

Kynkäänniemi et al. 2019 (precision, recall) and Naeem et al. 2020 (density, coverage): a set's manifold is
the union of balls around its features, each out to the k-th nearest neighbour within the set.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.evaluation.frechet import Features

NEIGHBOURS: Final = 3
# Naeem et al. use five for density and coverage.
DENSITY_NEIGHBOURS: Final = 5
BLOCK: Final = 1024


@dataclass(frozen=True)
class ManifoldFigures:
    """Shares 0..1, but density, which is 1 for equal distributions and can exceed it.

    Attributes:
        precision: of generated faces that lie on the training faces' manifold.
        recall: of training faces that lie on the generated faces' manifold.
        density: how many training balls a generated face lies in, relative to what is expected.
        coverage: of training faces whose ball holds a generated face.
        samples: of each kind; the figures depend on it.
    """

    precision: float
    recall: float
    density: float
    coverage: float
    samples: int


def manifold_figures(real: Features, generated: Features) -> ManifoldFigures:
    """Compare equally many of each kind: the first ones of the longer set."""
    count = min(len(real), len(generated))
    if count <= DENSITY_NEIGHBOURS:
        raise ValueError(f"precision and recall need more than {DENSITY_NEIGHBOURS} samples of each kind")
    real, generated = real[:count], generated[:count]
    real_radii, generated_radii = radii(real), radii(generated)
    precise = np.zeros(count, bool)
    recalled = np.zeros(count, bool)
    covered = np.zeros(count, bool)
    balls = 0
    for start, distances in squared_distances(generated, real):
        rows = slice(start, start + len(distances))
        precise[rows] = (distances <= real_radii[None, :, 0]).any(axis=1)
        recalled |= (distances <= generated_radii[rows, 0][:, None]).any(axis=0)
        inside = distances <= real_radii[None, :, 1]
        balls += int(inside.sum())
        covered |= inside.any(axis=0)
    return ManifoldFigures(
        precision=float(precise.mean()),
        recall=float(recalled.mean()),
        density=balls / (DENSITY_NEIGHBOURS * count),
        coverage=float(covered.mean()),
        samples=count,
    )


def radii(features: Features) -> np.ndarray:
    """Squared distances to the third and the fifth nearest other feature: float64 (n, 2)."""
    found = np.empty((len(features), 2))
    for start, distances in squared_distances(features, features):
        rows = np.arange(len(distances))
        distances[rows, start + rows] = np.inf  # nobody is his own neighbour
        nearest = np.partition(distances, (NEIGHBOURS - 1, DENSITY_NEIGHBOURS - 1), axis=1)
        found[start : start + len(rows)] = nearest[:, [NEIGHBOURS - 1, DENSITY_NEIGHBOURS - 1]]
    return found


def squared_distances(a: Features, b: Features) -> Iterator[tuple[int, np.ndarray]]:
    """Blocks of the table of squared distances: (first row, float (rows, len(b)))."""
    # Around their common mean the numbers are small, so that little is lost in the differences.
    centre = b.mean(axis=0, dtype=np.float64)
    a64, b64 = a - centre, b - centre
    b_lengths = np.sum(b64**2, axis=1)
    for start in range(0, len(a), BLOCK):
        rows = a64[start : start + BLOCK]
        table = np.sum(rows**2, axis=1)[:, None] + b_lengths[None] - 2.0 * rows @ b64.T
        yield start, np.clip(table, 0.0, None)
