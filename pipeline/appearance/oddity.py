"""How far each member of a lineup is from the others, in one aspect."""

from typing import Final

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

SHRINKAGE: Final = 0.6
"""Weight of the usual spread beside that of the few others of one lineup."""
FURTHEST: Final = 6.0
"""Distances are cut off here: beyond it nobody looks the same, and one aspect must not drown all others."""


def oddity(values: Values) -> Values:
    """Leave-one-out distances: float (n, k) in units of the usual spread -> float (n,), 0..FURTHEST.

    Mahalanobis' distance of each row from the mean of the others, by their covariance shrunk towards the unit
    matrix (Ledoit and Wolf 2004, with a fixed weight: five people are too few to find it from them), divided
    by the square root of k. What a row does not know (NaN) is as in the others' mean.
    """
    return np.array([_from_the_rest(values[i], np.delete(values, i, axis=0)) for i in range(len(values))])


def _from_the_rest(one: Values, rest: Values) -> float:
    known = ~np.isnan(one) & ~np.isnan(rest).all(axis=0)
    if not known.any():
        return 0.0
    one, rest = one[known], rest[:, known]
    middle = np.nanmean(rest, axis=0)
    away = np.where(np.isnan(rest), 0.0, rest - middle)
    spread = (1 - SHRINKAGE) * away.T @ away / len(rest) + SHRINKAGE * np.eye(len(middle))
    difference = one - middle
    squared = float(difference @ np.linalg.solve(spread, difference)) / len(middle)
    return min(float(np.sqrt(squared)), FURTHEST)


def oddity_of_identity(embeddings: Values) -> Values:
    """Leave-one-out: how far each is from the mean direction of the others, in units of STRANGERS.

    Args:
        embeddings: float (n, d).

    Returns:
        Float (n,), 0..FURTHEST.
    """
    unit = embeddings / np.maximum(np.linalg.norm(embeddings, axis=1, keepdims=True), 1e-12)
    sums = unit.sum(axis=0) - unit
    middles = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    return np.asarray(np.minimum((1.0 - np.sum(unit * middles, axis=1)) / STRANGERS, FURTHEST))


STRANGERS: Final = 0.4
"""One less the cosine of faceres between a face and the mean of fillers who are like it but somebody else."""


def ranks(distances: Values) -> npt.NDArray[np.int64]:
    """1 for the furthest; equals share the better place."""
    return np.array([1 + int(np.sum(distances > one)) for one in distances])
