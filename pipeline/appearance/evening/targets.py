"""Where each picture's measure should be: the suspect's among the others', no nearer and no further."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

REACH: Final = 1.5
"""Spreads from the middle within which somebody is one of the others."""


@dataclass(frozen=True, eq=False)
class Targets:
    """One measure of a lineup.

    Attributes:
        before: float (n,), the suspect's first; NaN where a picture does not show it.
        wanted: float (n,).
        moved: whose pictures move: "nobody", "fillers" (towards the suspect) or "suspect".
    """

    before: Values
    wanted: Values
    moved: str


def targets(values: Values, *, poorer: bool, spread: float, rng: np.random.Generator) -> Targets:
    """Where ``values`` (the suspect's first) should be.

    Fillers further apart than ``spread`` are drawn together, in their order. A suspect who is within their
    spread stays. Else one side moves: the fillers if his picture is the ``poorer``, or he. He does not land
    in their middle: who is always in the middle can be told as well as who is always at the edge, so his
    place within the spread is drawn.
    """
    suspect, fillers = values[0], values[1:]
    if np.isnan(suspect) or np.isnan(fillers).all():
        return Targets(values, values, "nobody")
    middle, width = float(np.nanmedian(fillers)), float(np.nanstd(fillers))
    rest = (fillers - middle) * min(1.0, spread / max(width, 1e-9))
    usual = max(min(width, spread), spread / 2)
    place = float(np.clip(rng.normal(), -REACH, REACH)) * usual
    if abs(suspect - middle) <= REACH * usual:
        return Targets(values, np.append(suspect, middle + rest), "nobody")
    if poorer:
        return Targets(values, np.append(suspect, suspect - place + rest), "fillers")
    return Targets(values, np.append(middle + place, middle + rest), "suspect")
