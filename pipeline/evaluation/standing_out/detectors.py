"""Machines that look for the photograph in a lineup: taught on lineups of other people, asked about new ones.

Each scores the members of one lineup; the highest score is its answer. By chance it is right once in as many
times as there are members.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from pipeline.appearance.photograph import PhotographClassifier, relative, table
from pipeline.appearance.traces import traces_of
from pipeline.evaluation.standing_out.lineups import DraftedLineup

Values = npt.NDArray[np.float64]

REGULARISED: Final = 0.01
"""Inverse strength of L2 regularisation: there are more features than lineups."""


@dataclass(frozen=True, eq=False)
class Exhibit:
    """What detectors know of one lineup.

    Attributes:
        traces: of each member.
        embeddings: float (n, d), unit length.
        images: uint8 (n, SIDE, SIDE, 3).
        suspect: the right answer.
    """

    traces: list[dict[str, float]]
    embeddings: Values
    images: npt.NDArray[np.uint8]
    suspect: int

    @classmethod
    def of(cls, lineup: DraftedLineup, embeddings: np.ndarray) -> "Exhibit":
        """Measure a lineup."""
        return cls(
            [traces_of(head) for head in lineup.heads],
            np.asarray(embeddings, np.float64),
            np.stack([head.image for head in lineup.heads]),
            lineup.suspect,
        )


class Detector(Protocol):
    """Finds the photograph."""

    def fit(self, exhibits: Sequence[Exhibit]) -> None:
        """Learn from lineups whose answers are known."""

    def scores(self, exhibit: Exhibit) -> Values:
        """Of each member of a lineup: float (n,), the highest for the likeliest photograph."""


class LinearOnTraces:
    """Logistic regression on ``traces``: the classifier of the check itself."""

    def __init__(self, regularised: float = REGULARISED) -> None:
        self._regularised = regularised
        self.classifier: PhotographClassifier | None = None

    def fit(self, exhibits: Sequence[Exhibit]) -> None:
        """Spreads are medians, over lineups, of members' standard deviations."""
        names = tuple(exhibits[0].traces[0])
        tables = [table(one.traces, names) for one in exhibits]
        spreads = np.stack([_deviations(values) for values in tables])
        spread = np.maximum(np.nan_to_num(np.nanmedian(spreads, axis=0), nan=1.0), 1e-3)
        features = np.concatenate([relative(values, spread) for values in tables])
        model = LogisticRegression(C=self._regularised, class_weight="balanced", max_iter=2000)
        model.fit(features, answers(exhibits))
        self.classifier = PhotographClassifier(names, spread, np.asarray(model.coef_[0], np.float64))

    def scores(self, exhibit: Exhibit) -> Values:
        """Logits."""
        if self.classifier is None:
            raise RuntimeError("The detector has not been taught.")
        return self.classifier.logits(exhibit.traces)

    def foremost(self, count: int) -> dict[str, float]:
        """The traces it goes by most, with their weights."""
        if self.classifier is None:
            raise RuntimeError("The detector has not been taught.")
        order = np.argsort(-np.abs(self.classifier.weights))[:count]
        return {self.classifier.names[i]: round(float(self.classifier.weights[i]), 4) for i in order}


class Fitted:
    """A classifier of scikit-learn on features of members relative to those of their lineup."""

    def __init__(self, model: Any, features: str) -> None:
        """Use ``features``: "traces", "faceres" or "both"."""
        self._model, self._features = model, features

    def fit(self, exhibits: Sequence[Exhibit]) -> None:
        """Members are examples; so few that threads would only wait for each other."""
        with threadpool_limits(1):
            self._model.fit(np.concatenate([self._of(one) for one in exhibits]), answers(exhibits))

    def scores(self, exhibit: Exhibit) -> Values:
        """Probabilities."""
        with threadpool_limits(1):
            return np.asarray(self._model.predict_proba(self._of(exhibit))[:, 1], np.float64)

    def _of(self, exhibit: Exhibit) -> Values:
        parts = []
        if self._features in {"traces", "both"}:
            names = tuple(exhibit.traces[0])
            parts.append(relative(table(exhibit.traces, names), np.ones(len(names))))
        if self._features in {"faceres", "both"}:
            scaled = exhibit.embeddings * np.sqrt(exhibit.embeddings.shape[1])
            parts.append(scaled - np.median(scaled, axis=0))
        return np.concatenate(parts, axis=1)


def detectors(seed: int) -> dict[str, Detector]:
    """Every kind but the network, which takes longer (``network``)."""
    linear = LogisticRegression(C=1e-4, class_weight="balanced", max_iter=2000)
    boosting = HistGradientBoostingClassifier(
        max_iter=120, max_depth=4, learning_rate=0.06, class_weight="balanced", random_state=seed
    )
    return {
        "linear on traces": LinearOnTraces(),
        "boosting on traces": Fitted(boosting, "traces"),
        "linear on faceres": Fitted(linear, "faceres"),
    }


def answers(exhibits: Sequence[Exhibit]) -> npt.NDArray[np.bool_]:
    """bool (all members of all lineups,): whether each is the photograph."""
    return np.concatenate([np.arange(len(one.images)) == one.suspect for one in exhibits])


def right(detector: Detector, exhibits: Sequence[Exhibit]) -> list[bool]:
    """Whether the highest score is the suspect's, lineup by lineup."""
    return [int(np.argmax(detector.scores(one))) == one.suspect for one in exhibits]


def _deviations(values: Values) -> Values:
    known = ~np.isnan(values).all(axis=0)
    found = np.full(values.shape[1], np.nan)
    found[known] = np.nanstd(values[:, known], axis=0)
    return found
