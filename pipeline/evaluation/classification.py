"""How often a classifier is right: the figures of the thesis' tables 5.4 to 5.6, and confusion matrices.

A figure that would divide by zero, such as the precision of a class that was never predicted, is None.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

# 95 of 100 intervals hold the true share.
DEVIATIONS = 1.959964


@dataclass(frozen=True)
class YesNo:
    """How well one attribute is told, present or absent.

    Attributes:
        accuracy: share of pictures judged right.
        precision: share of those predicted to have it that have it.
        recall: share of those that have it that are predicted to.
        positives: pictures that have it.
        pictures: all that were judged.
    """

    accuracy: float | None
    precision: float | None
    recall: float | None
    positives: int
    pictures: int


@dataclass(frozen=True)
class Share:
    """A share of ``pictures``, with the interval (Wilson's, 95 %) in which the true one may lie."""

    value: float | None
    low: float
    high: float
    pictures: int


def yes_no(truth: Flags, predicted: Flags) -> YesNo:
    """Compare what is with what was predicted, both (n,)."""
    right = int((truth & predicted).sum())
    return YesNo(
        accuracy=_ratio(int((truth == predicted).sum()), len(truth)),
        precision=_ratio(right, int(predicted.sum())),
        recall=_ratio(right, int(truth.sum())),
        positives=int(truth.sum()),
        pictures=len(truth),
    )


def one_against_rest(truth: Places, predicted: Places, classes: Sequence[str]) -> dict[str, YesNo]:
    """Each class by itself, as the thesis' tables 5.5 and 5.6 have it; places in ``classes``, both (n,)."""
    return {name: yes_no(truth == place, predicted == place) for place, name in enumerate(classes)}


def confusion(truth: Places, predicted: Places, classes: int) -> npt.NDArray[np.int64]:
    """Counts (classes, classes): a row for each true class, a column for each that was predicted."""
    return np.bincount(truth * classes + predicted, minlength=classes * classes).reshape(classes, classes)


def share(right: Flags) -> Share:
    """Share of the pictures (n,) that were judged right."""
    n = len(right)
    if n == 0:
        return Share(None, 0.0, 1.0, 0)
    value, square = float(right.mean()), DEVIATIONS**2
    centre = (value + square / (2 * n)) / (1 + square / n)
    reach = DEVIATIONS / (1 + square / n) * float(np.sqrt(value * (1 - value) / n + square / (4 * n * n)))
    return Share(value, max(0.0, centre - reach), min(1.0, centre + reach), n)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
