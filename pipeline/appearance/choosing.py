"""Which of the allowed fillers make a lineup in which the suspect is not the odd one."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from pipeline.appearance.look import ASPECTS
from pipeline.appearance.oddity import STRANGERS, Values
from pipeline.appearance.standing_out import Member

EVENED: Final = frozenset({"wall", "brightness", "colour", "sharpness", "noise", "compression"})
"""Aspects that evening out takes away after the choice."""
WEIGHT_OF_EVENED: Final = 0.15
APART: Final = 0.35
"""One less the cosine from which on two fillers are somebody else to every eye; nearer ones cost."""
CLOSENESS: Final = 3.0
ALIKENESS: Final = 0.3
"""Weights, beside the suspect's oddity, of fillers too near to each other, and of how unlike all are."""
EXCHANGES: Final = 12


def choose_set(candidates: Sequence[Member], suspect: Member, count: int) -> list[int]:
    """Greedily, then by exchanging one for another while that helps.

    The set wanted is one in which the suspect is no odder than the middle of the others (being less odd
    earns nothing: who is always in the middle can be told too), in which all are alike, and no two fillers
    look like one person. A distance from a mean is found from distances between pairs, so that a step costs
    microseconds.

    Args:
        candidates: fillers whom locks and band already allow.
        count: fillers wanted.

    Returns:
        Places in ``candidates``, in the order in which they were chosen.

    Raises:
        ValueError: there are fewer candidates than ``count``, or ``count`` is none.
    """
    if not 1 <= count <= len(candidates):
        raise ValueError(f"{count} fillers cannot be chosen of {len(candidates)} candidates.")
    people = [suspect, *candidates]
    apart = _apart(people)
    near = _nearness(people)
    chosen = [0]
    for _ in range(count):
        free = [i for i in range(1, len(people)) if i not in chosen]
        chosen.append(min(free, key=lambda i: _cost(apart, near, [*chosen, i])))
    return [i - 1 for i in _exchanged(apart, near, chosen)[1:]]


def _exchanged(apart: Values, near: Values, chosen: list[int]) -> list[int]:
    cost = _cost(apart, near, chosen)
    for _ in range(EXCHANGES):
        free = [i for i in range(1, len(apart)) if i not in chosen]
        tries = [[*chosen[:k], i, *chosen[k + 1 :]] for k in range(1, len(chosen)) for i in free]
        costs = [_cost(apart, near, one) for one in tries]
        if not costs or min(costs) >= cost - 1e-9:
            break
        cost, chosen = min(costs), tries[int(np.argmin(costs))]
    return chosen


def _cost(apart: Values, near: Values, people: list[int]) -> float:
    """Of a set whose first is the suspect."""
    pairs = apart[np.ix_(people, people)]
    odd = _oddities(pairs)
    too_odd = max(0.0, float(odd[0] - np.median(odd[1:])))
    closeness = float(near[np.ix_(people, people)].max())
    return too_odd + CLOSENESS * closeness + ALIKENESS * float(odd.mean())


def _oddities(pairs: Values) -> Values:
    """Distance of each from the mean of the rest: squared distances (n, n) -> float (n,)."""
    n = len(pairs)
    if n < 3:
        return np.asarray(np.sqrt(pairs.sum(axis=1)))
    from_all = pairs.sum(axis=1)
    among_rest = (pairs.sum() - 2 * from_all) / (n - 1) ** 2
    return np.asarray(np.sqrt(np.maximum(from_all / (n - 1) - among_rest / 2, 0.0)))


def _apart(people: Sequence[Member]) -> Values:
    """Squared distances between looks and faces: float (n, n)."""
    columns = []
    for name in ASPECTS:
        values = np.stack([one.look.aspects[name] for one in people])
        values = np.where(np.isnan(values), np.nan_to_num(np.nanmean(values, axis=0)), values)
        weight = WEIGHT_OF_EVENED if name in EVENED else 1.0
        columns.append(values * np.sqrt(weight / values.shape[1]))
    vectors = np.concatenate(columns, axis=1)
    squares = np.sum(np.square(vectors), axis=1)
    looks = np.maximum(squares[:, None] + squares - 2 * vectors @ vectors.T, 0.0)
    cosines = _cosines(people)
    return np.asarray(looks if cosines is None else looks + np.square((1 - cosines) / STRANGERS))


def _nearness(people: Sequence[Member]) -> Values:
    """How far pairs are under ``APART``: float (n, n); 0 with the suspect, whose band is kept elsewhere."""
    cosines = _cosines(people)
    if cosines is None:
        return np.zeros((len(people), len(people)))
    near = np.maximum(0.0, APART - (1 - cosines))
    near[0, :] = near[:, 0] = 0.0
    np.fill_diagonal(near, 0.0)
    return near


def _cosines(people: Sequence[Member]) -> Values | None:
    embeddings = [one.embedding for one in people if one.embedding is not None]
    if len(embeddings) < len(people):
        return None
    vectors = np.stack(embeddings).astype(np.float64)
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return np.asarray(unit @ unit.T)
