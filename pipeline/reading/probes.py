"""Linear probes: what is said of a head, as weights on what was measured of it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import log_ndtr, softmax

from pipeline.reading.signs import Signs
from pipeline.reading.words import YOUNGEST

EVER: Final = 1e9
"""Years that nobody reaches."""


@dataclass(frozen=True, eq=False)
class Probe:
    """Which of a key's values a head has: logistic regression, calibrated.

    Attributes:
        key: of a description.
        blocks: of ``Signs``, side by side.
        weights: float32 (d, values).
        bias: float32 (values,).
        reliable: the least confidence with which a value is said at all.
    """

    key: str
    blocks: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray
    reliable: float

    def probabilities(self, signs: Signs) -> np.ndarray:
        """float32 (n, values), rows sum to 1."""
        return np.asarray(softmax(signs.of(self.blocks) @ self.weights + self.bias, axis=1), np.float32)


@dataclass(frozen=True, eq=False)
class AgeProbe:
    """How old a head is: ridge regression, years.

    Attributes:
        blocks: of ``Signs``, side by side.
        weights: float32 (d, 1).
        bias: float32 (1,).
        spread: standard deviation of its error, years.
        reliable: the least confidence with which a group is said at all.
    """

    blocks: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray
    spread: float
    reliable: float

    def years(self, signs: Signs) -> np.ndarray:
        """float32 (n,)."""
        return np.asarray((signs.of(self.blocks) @ self.weights + self.bias)[:, 0], np.float32)

    def probabilities(self, signs: Signs) -> np.ndarray:
        """Of each age group, float32 (n, 9): the error of the years read is taken as normal."""
        return group_probabilities(self.years(signs), self.spread)


def group_probabilities(years: np.ndarray, spread: float) -> np.ndarray:
    """Probability of each age group around years that were read, float32 (n, 9)."""
    edges = np.array([-EVER, *YOUNGEST[1:], EVER])
    below = np.exp(log_ndtr((edges - years[:, None]) / spread))
    return np.asarray(np.diff(below, axis=1), np.float32)
