"""The training face nearest to each sample: a generator that copies is seen here."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.evaluation.frechet import Features

BLOCK: Final = 2048


@dataclass(frozen=True)
class Nearest:
    """For n features: which other is nearest, int (n,), and how alike, cosine float (n,)."""

    places: np.ndarray
    similarities: np.ndarray


@dataclass(frozen=True)
class CopyFigures:
    """How near samples come to training faces, and training faces to one another.

    Attributes:
        median, highest: similarity of samples to their nearest training face.
        training_median, training_highest: of training faces to their nearest other training face.
        threshold: only one training face in a hundred is nearer than this to another one.
        nearer: share of samples that are nearer than that to a training face; about 0.01 where samples are
            as new as training faces are to one another, more where training faces are copied.
    """

    median: float
    highest: float
    training_median: float
    training_highest: float
    threshold: float
    nearer: float


def nearest_of(features: Features, others: Features, *, not_itself: bool = False) -> Nearest:
    """Find the nearest of ``others`` by cosine.

    Args:
        not_itself: both are one set, and a feature is not its own neighbour.
    """
    a, b = _directions(features), _directions(others)
    places = np.empty(len(a), np.int64)
    similarities = np.empty(len(a), np.float32)
    for start in range(0, len(a), BLOCK):
        table = a[start : start + BLOCK] @ b.T
        rows = np.arange(len(table))
        if not_itself:
            table[rows, start + rows] = -np.inf
        best = table.argmax(axis=1)
        places[start : start + len(rows)], similarities[start : start + len(rows)] = best, table[rows, best]
    return Nearest(places, similarities)


def copy_figures(samples: Nearest, training: Nearest) -> CopyFigures:
    """Compare how near samples and training faces are to training faces."""
    threshold = float(np.quantile(training.similarities, 0.99))
    return CopyFigures(
        median=float(np.median(samples.similarities)),
        highest=float(samples.similarities.max()),
        training_median=float(np.median(training.similarities)),
        training_highest=float(training.similarities.max()),
        threshold=threshold,
        nearer=float((samples.similarities > threshold).mean()),
    )


def _directions(features: Features) -> np.ndarray:
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return np.asarray(features / np.maximum(lengths, 1e-12), np.float32)
