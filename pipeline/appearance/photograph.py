"""A linear classifier that tells a photograph from blends beside it, learned from other people's lineups.

It sees what ``traces`` measures, each less the lineup's median and in units of its usual spread, and knows no
face. ``python -m pipeline evaluate standing-out --train`` teaches it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipeline.appearance.traces import traces_of
from pipeline.faces.head import Head

SHIPPED: Final = Path(__file__).parent / "weights" / "photograph.json"
FORMAT: Final = 1
FURTHEST: Final = 5.0
"""Spreads at which a trace is cut off."""

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PhotographClassifier:
    """Logistic regression on ``traces``.

    Attributes:
        names: of the traces, in order.
        spread: float (k,), of each within lineups.
        weights: float (k,): towards a photograph where positive.
    """

    names: tuple[str, ...]
    spread: Values
    weights: Values

    def logits(self, traces: Sequence[dict[str, float]]) -> Values:
        """Of the members of one lineup: float (n,). What is unknown of one speaks for neither."""
        return np.asarray(relative(table(traces, self.names), self.spread) @ self.weights)

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "format": FORMAT,
            "traces": {
                name: [round(float(spread), 5), round(float(weight), 5)]
                for name, spread, weight in zip(self.names, self.spread, self.weights, strict=True)
            },
        }


def read_classifier(file: Path) -> PhotographClassifier:
    """Read what ``to_dict`` wrote as JSON.

    Raises:
        ValueError: it is no such file.
    """
    try:
        plain = json.loads(file.read_text())
        if plain["format"] != FORMAT:
            raise ValueError(f"{file} has format {plain['format']}, not {FORMAT}.")
        names = tuple(plain["traces"])
        numbers = np.array([plain["traces"][name] for name in names], np.float64).reshape(-1, 2)
    except (OSError, KeyError, TypeError) as error:
        raise ValueError(f"{file} holds no classifier of photographs: {error}.") from error
    return PhotographClassifier(names, numbers[:, 0], numbers[:, 1])


@cache
def shipped() -> PhotographClassifier | None:
    """The one that ships, read once for each process; None while none does."""
    return read_classifier(SHIPPED) if SHIPPED.exists() else None


def photograph_logits(heads: Sequence[Head], classifier: PhotographClassifier | None) -> list[float | None]:
    """How much like the photograph among blends each member of one lineup is; None without a classifier."""
    if classifier is None:
        return [None] * len(heads)
    return [float(logit) for logit in classifier.logits([traces_of(head) for head in heads])]


def table(traces: Sequence[dict[str, float]], names: Sequence[str]) -> Values:
    """Float (n, k); NaN where a trace is unknown."""
    return np.array([[one.get(name, np.nan) for name in names] for one in traces], np.float64)


def relative(values: Values, spread: Values) -> Values:
    """Members' traces, float (n, k), less their median, in units of ``spread``; 0 where unknown."""
    known = ~np.isnan(values).all(axis=0)
    middle = np.zeros(values.shape[1])
    middle[known] = np.nanmedian(values[:, known], axis=0)
    return np.clip(np.nan_to_num((values - middle) / spread), -FURTHEST, FURTHEST)
