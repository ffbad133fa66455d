"""Choosing the threshold of similarity: how many doubles it finds, and how many people it confuses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

# Photos whose similarities to all others are held in memory at once.
ROWS: Final = 512


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold would do.

    Attributes:
        threshold: of similarity.
        found: share of the pairs that show one person and would be held to, 0..1; NaN without such pairs.
        confused: share of the pairs that show two people and would be held to show one; NaN without them.
        with_double: share of the photos that have such a wrong partner somewhere in the set.
    """

    threshold: float
    found: float
    confused: float
    with_double: float


def _reaching(levels: npt.NDArray[np.float32], values: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """How many values reach each level."""
    return np.array([np.count_nonzero(values >= level) for level in levels], np.int64)


def similarity_curve(
    embeddings: npt.NDArray[np.float32], people: Sequence[str], thresholds: Sequence[float]
) -> list[Point]:
    """Compare every two photos.

    Args:
        embeddings: float32 (n, d), of unit length.
        people: who is in each photo, n names.
        thresholds: where to measure.
    """
    numbers = np.unique(np.asarray(people), return_inverse=True)[1]
    levels = np.asarray(thresholds, np.float32)
    same = different = 0
    found, confused = np.zeros(len(levels), np.int64), np.zeros(len(levels), np.int64)
    nearest_other = np.full(len(embeddings), -np.inf, np.float32)
    for start in range(0, len(embeddings), ROWS):
        rows = slice(start, start + ROWS)
        similarities = embeddings[rows] @ embeddings.T
        one_person = numbers[rows, None] == numbers
        later = np.arange(len(embeddings)) > np.arange(len(embeddings))[rows, None]
        nearest_other[rows] = np.where(one_person, -np.inf, similarities).max(axis=1)
        found += _reaching(levels, similarities[one_person & later])
        confused += _reaching(levels, similarities[~one_person & later])
        same += int((one_person & later).sum())
        different += int((~one_person & later).sum())
    return [
        Point(
            float(threshold),
            found=float(found[place] / same) if same else float("nan"),
            confused=float(confused[place] / different) if different else float("nan"),
            with_double=float(np.mean(nearest_other >= levels[place])),
        )
        for place, threshold in enumerate(thresholds)
    ]
