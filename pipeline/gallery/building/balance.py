"""Who gives the hair how often, so that a gallery shows whom it should.

Weights are raked (Deming and Stephan 1940, iterative proportional fitting) until what they would draw has the
wanted shares in every trait. That would leave all faces to the few whose traits are rare together; so only
sex, group and glasses keep their shares, and everything else goes half the way there. As some faces are
refused more often than others, the wanted shares are then moved against what has been accepted so far.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.gallery.building.labels import Labels
from pipeline.gallery.building.targets import TARGETS

Weights = npt.NDArray[np.float64]
"""float64 (sources,), of sum 1."""
Counts = Mapping[str, Mapping[str, int]]
"""Trait -> value -> faces accepted."""

ROUNDS: Final = 40
TOGETHER: Final = "sex and ethnicity"
GLASSES, YES = "glasses", "yes"
"""The trait that may be put on: nobody is drawn more often for it."""
SETTLED: Final = 200
"""Faces that must be accepted before what is missing of a value outweighs the table's share of it."""
STRONGEST: Final = 2.5
"""How far a share is moved at most against what has been accepted."""
OFTEN: Final = 0.004
"""Nobody gives the hair to more of the tries than this, or than so many times their even share: whoever gives
it to many gives them a likeness, and most are refused for it. It is less for those whose faces are refused
more often than others', and more for the others."""
TIMES: Final = 4.0
FILLS: Final = 20
AGES: Final = ((20, "under 20"), (30, "20-29"), (40, "30-39"), (50, "40-49"), (60, "50-59"))


def age_band(age: float) -> str:
    """The name that ``TARGETS`` has for an age in years."""
    return next((name for limit, name in AGES if age < limit), "60 and over")


def traits(labels: Labels) -> dict[str, str]:
    """What is balanced of a person: trait -> value, as ``TARGETS`` has them."""
    return {
        "sex": labels.sex,
        "ethnicity": labels.ethnicity,
        "age": age_band(labels.age),
        "hair": "bald" if labels.baldness else labels.hair,
        "hair_length": labels.hair_length,
        "beard": "none" if labels.beard == "none" else "some",
        "glasses": "yes" if labels.glasses else "no",
        "mouth": labels.mouth,
    }


def counted(people: Sequence[Mapping[str, str]]) -> dict[str, Counter[str]]:
    """Traits of faces, added up."""
    return {trait: Counter(one[trait] for one in people) for trait in TARGETS}


def wanted(accepted: Counts) -> dict[str, dict[str, float]]:
    """The table's shares, moved against what has been accepted."""
    return {trait: _moved(shares, accepted.get(trait, {})) for trait, shares in TARGETS.items()}


def _moved(shares: Mapping[str, float], accepted: Mapping[str, int]) -> dict[str, float]:
    total = sum(accepted.values()) + SETTLED
    by = {
        value: share * total / (accepted.get(value, 0) + share * SETTLED) for value, share in shares.items()
    }
    moved = {
        value: share * float(np.clip(by[value], 1 / STRONGEST, STRONGEST)) for value, share in shares.items()
    }
    whole = sum(moved.values())
    return {value: share / whole for value, share in moved.items()}


def freshness(new: npt.NDArray[np.int64], refused: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """How likely a source's next face is one for the gallery, from what came of its faces so far.

    Whoever has few who are alike gives the same faces again soon.

    Args:
        new: of each source, how many faces of its hair came into the gallery.
        refused: how many did not.
    """
    return np.asarray((new + 2.0) / (new + refused + 2.0))


def weights(
    sources: Sequence[Mapping[str, str]],
    accepted: Counts,
    fresh: npt.NDArray[np.float64] | None = None,
) -> Weights:
    """How likely each source is to give the hair.

    Args:
        sources: traits of those who may.
        accepted: traits of the faces accepted so far.
        fresh: float (sources,), 0..1: how much is still to be had of each, see ``freshness``; all of it
            without.
    """
    fresh = np.ones(len(sources)) if fresh is None else fresh
    fresh = fresh / fresh.sum()
    shares = wanted(accepted)
    columns = {trait: np.array([one[trait] for one in sources]) for trait in TARGETS}
    # Sex and group together: raking each alone would let one group be all men.
    both = {TOGETHER: np.array([f"{one['sex']} {one['ethnicity']}" for one in sources])}
    shares[TOGETHER] = {
        f"{sex} {ethnicity}": a * b
        for sex, a in shares["sex"].items()
        for ethnicity, b in shares["ethnicity"].items()
    }
    most = max(OFTEN, TIMES / len(sources)) * len(sources) * fresh
    few = _raked(fresh, {**columns, **both}, shares, most)
    return _raked(np.sqrt(few * fresh), {**both, GLASSES: columns[GLASSES]}, shares, most)


def _raked(
    drawn: Weights,
    columns: Mapping[str, npt.NDArray[np.str_]],
    shares: Mapping[str, Mapping[str, float]],
    most: Weights,
) -> Weights:
    """Weights moved until they have the wanted shares, as far as their limits allow it."""
    for _ in range(ROUNDS):
        for trait, values in columns.items():
            if trait == GLASSES and drawn[values == YES].sum() < shares[trait][YES] * drawn.sum():
                continue  # the rest is put on
            for value, share in shares[trait].items():
                among = values == value
                if (mass := drawn[among].sum()) > 0:
                    drawn = np.where(among, drawn * share / mass, drawn)
        drawn = at_most(drawn / drawn.sum(), most)
    return np.asarray(drawn / drawn.sum())


def at_most(drawn: Weights, most: npt.NDArray[np.float64]) -> Weights:
    """Weights none of which is above its limit, what is taken off given to the others; the sum is 1 where the
    limits allow it."""
    for _ in range(FILLS):
        over = drawn >= most
        rest = drawn[~over].sum()
        if not over.any() or rest <= 0:
            break
        drawn = np.where(over, most, drawn * max(0.0, 1.0 - most[over].sum()) / rest)
    return np.asarray(np.minimum(drawn, most))


def put_on(wearers: float) -> float:
    """How many bare faces glasses are put on, so that the table's share has some.

    Args:
        wearers: share of the faces whose hair is of somebody who wears some.
    """
    return max(0.0, (TARGETS[GLASSES][YES] - wearers) / (1.0 - wearers)) if wearers < 1.0 else 0.0
