"""Who gives the hair how often, so that a gallery shows whom it should.

Weights are raked (Deming and Stephan 1940, iterative proportional fitting) until what they would draw has the
wanted shares in every trait. As some faces are refused more often than others, the wanted shares are then
moved against what has been accepted so far.
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
SETTLED: Final = 200
"""Faces that must be accepted before what is missing of a value outweighs the table's share of it."""
STRONGEST: Final = 4.0
"""How far a share is moved at most against what has been accepted."""
OFTEN: Final = 0.006
"""Nobody gives the hair to more of the tries than this, or than six times their even share."""
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


def weights(sources: Sequence[Mapping[str, str]], accepted: Counts) -> Weights:
    """How likely each source is to give the hair.

    Args:
        sources: traits of those who may.
        accepted: traits of the faces accepted so far.
    """
    drawn = np.full(len(sources), 1.0 / len(sources))
    shares = wanted(accepted)
    columns = {trait: np.array([one[trait] for one in sources]) for trait in TARGETS}
    # Sex and group together: raking each alone would let one group be all men.
    columns["sex and ethnicity"] = np.array([f"{one['sex']} {one['ethnicity']}" for one in sources])
    shares["sex and ethnicity"] = {
        f"{sex} {ethnicity}": a * b
        for sex, a in shares["sex"].items()
        for ethnicity, b in shares["ethnicity"].items()
    }
    most = max(OFTEN, 6.0 / len(sources))
    for _ in range(ROUNDS):
        for trait, values in columns.items():
            for value, share in shares[trait].items():
                among = values == value
                if (mass := drawn[among].sum()) > 0:
                    drawn[among] *= share / mass
        drawn = np.minimum(drawn / drawn.sum(), most)
    return np.asarray(drawn / drawn.sum())
