"""What faceres says of faces, and the names of the results that say it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

SIZE: Final = 1024
"""Features of a face."""
SIDE: Final = 224
"""Pixels of a crop, across and down."""
# The mean that was taken off each channel in training: blue, green, red.
MEAN_BGR: Final = (103.94, 116.78, 123.68)
FEATURES, AGE, SEX = "global_pooling/Mean", "age_pred/Softmax", "gender_pred/Sigmoid"
LIKELIEST_AGES: Final = 3


@dataclass(frozen=True)
class Looks:
    """What the network says of n faces.

    Attributes:
        features: float32 (n, 1024), not normalised.
        ages: float32 (n,), years.
        male: float32 (n,), 0..1.
    """

    features: np.ndarray
    ages: np.ndarray
    male: np.ndarray

    def directions(self) -> np.ndarray:
        """Who they are: float32 (n, 1024) of unit length, the dot product of two is their similarity."""
        lengths = np.linalg.norm(self.features, axis=1, keepdims=True)
        return np.asarray(self.features / np.maximum(lengths, 1e-6), np.float32)


def expected_age(probabilities: np.ndarray) -> np.ndarray:
    """Mean of the likeliest ages, weighted: (n, 100) for 1..100 years → float32 (n,) years."""
    likeliest = np.argsort(probabilities, axis=1)[:, -LIKELIEST_AGES:]
    weights = np.take_along_axis(probabilities, likeliest, axis=1)
    years = np.sum(weights * (likeliest + 1.0), axis=1) / np.maximum(weights.sum(axis=1), 1e-12)
    return np.asarray(years, np.float32)
