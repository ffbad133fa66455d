"""A probe of flaws, learned of a gallery's faces and of the same ones spoilt on purpose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, roc_curve
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pipeline.faces.head import Head
from pipeline.gallery.flaws import BLOCKS, CORRUPTIONS, LEAST_RANK, FlawProbe, spoilt
from pipeline.reading.signs import Signs

CLEAN: Final = ""
FOLDS: Final = 6
STRENGTH: Final = 0.003
"""Inverse of the ridge, on standardised features."""
LEAST_CHANGE: Final = 12.0
PLACES: Final = 0.3
"""Per cent of the pixels that must differ by so much, 0..255: less, and the flaw has not happened (no hair to
tear)."""
QUANTILES: Final = 101
EACH: Final = 3
"""Corruptions of a face."""


@dataclass(frozen=True, eq=False)
class Example:
    """One face to learn from.

    Attributes:
        head: its picture.
        flaw: name of the corruption, ``CLEAN`` for none.
        giver: number of who gave the hair: examples of one giver are never on both sides of a split.
    """

    head: Head
    flaw: str
    giver: int


def examples(head: Head, other: Head, giver: int, rng: np.random.Generator) -> Iterator[Example]:
    """A face, and the same with some flaws.

    Args:
        other: one of the heads that it was blended of.
    """
    yield Example(head, CLEAN, giver)
    for name in rng.permutation(list(CORRUPTIONS))[:EACH].tolist():
        worse = spoilt(name, head, other, rng)
        changed = np.abs(worse.image.astype(np.float32) - head.image).max(axis=2)
        if np.percentile(changed, 100 - PLACES) > LEAST_CHANGE:
            yield Example(worse, name, giver)


def learned(signs: Signs, flaws: Sequence[str], givers: npt.NDArray[np.int64]) -> FlawProbe:
    """Learn a probe, and measure it on givers that it has not seen.

    Args:
        signs: of n examples.
        flaws: of each; ``CLEAN`` for none.
        givers: of each, int (n,).
    """
    x, y = signs.of(BLOCKS), np.array([flaw != CLEAN for flaw in flaws])
    model = make_pipeline(
        StandardScaler(), LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000)
    )
    folds = GroupKFold(FOLDS)
    seen = cross_val_predict(model, x, y, groups=givers, cv=folds, method="decision_function")
    model.fit(x, y)
    scaler, regression = model[0], model[1]
    weights = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - weights @ scaler.mean_)
    return FlawProbe(weights.astype(np.float32), bias, _facts(seen, y, flaws, givers))


def _facts(
    seen: npt.NDArray[np.float64],
    y: npt.NDArray[np.bool_],
    flaws: Sequence[str],
    givers: npt.NDArray[np.int64],
) -> dict[str, Any]:
    good = np.quantile(seen[~y], np.linspace(0, 1, QUANTILES))
    limit = float(np.quantile(seen[~y], 1 - LEAST_RANK))
    names = np.array(flaws)
    false, true, _ = roc_curve(y, seen)
    return {
        "examples": {"good": int((~y).sum()), "spoilt": int(y.sum()), "givers": len(set(givers.tolist()))},
        "good": [round(float(value), 3) for value in good],
        "area_under_roc": round(float(roc_auc_score(y, seen)), 4),
        "roc": [
            [share, round(float(np.interp(share, false, true)), 4)] for share in (0.01, 0.02, 0.05, 0.1, 0.2)
        ],
        "found_at_limit": {
            name: round(float((seen[names == name] > limit).mean()), 4)
            for name in sorted(set(flaws) - {CLEAN})
        },
        "area_by_flaw": {
            name: round(float(roc_auc_score(y[(names == name) | ~y], seen[(names == name) | ~y])), 4)
            for name in sorted(set(flaws) - {CLEAN})
        },
    }
