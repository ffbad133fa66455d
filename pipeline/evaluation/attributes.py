"""Do the samples show as many kinds of people as the training faces?

A bundle's attribute models tell, where it has some (``coverage``). Else labels of the training faces teach a
linear classifier on the features, and it judges the samples. Judgement is compared with judgement: what the
classifiers say of training faces that they were not taught with, so that their mistakes are the same on both
sides.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pipeline.command_line import BadInput
from pipeline.evaluation.frechet import Features

LABELS: Final = "labels.jsonl"
FOLDS: Final = 5
# Classes with fewer training faces teach nothing.
LEAST: Final = 4 * FOLDS
AGE_EDGES: Final = (30, 45, 60)
CATEGORIES: Final = ("sex", "eth", "haircolor", "hairstyle", "facial", "eyes")


@dataclass(frozen=True)
class Spread:
    """One attribute.

    Attributes:
        accuracy: how often the judge is right. Of a classifier on the features: balanced accuracy on training
            faces that it was not taught with; chance is 1 / number of classes. Of an attribute model: what
            the bundle says of it, None if nothing.
        training, samples: class → share, as judged by the classifier.
        distance: total variation between the two, 0 (same) to 1.
        judge: "features", a linear classifier on the features, or "models", the bundle's attribute models.
    """

    accuracy: float | None
    training: dict[str, float]
    samples: dict[str, float]
    distance: float
    judge: str = "features"


def read_labels(path: Path) -> dict[str, dict[str, str]]:
    """Read ``labels.jsonl``: stem of the picture's name → attribute → class.

    Raises:
        BadInput: not one JSON object with ``file`` a line.
    """
    labels = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        try:
            values = json.loads(line)
            labels[Path(values["file"]).stem] = _classes(values)
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"line {number} of {path} is no label of a picture: {error!r}") from error
    return labels


def _classes(values: Mapping[str, Any]) -> dict[str, str]:
    found = {name: str(values[name]) for name in CATEGORIES if name in values}
    if "age_years" in values:
        edges = ("", *AGE_EDGES, "")
        group = int(np.searchsorted(AGE_EDGES, float(values["age_years"]), side="right"))
        low, high = edges[group], edges[group + 1]
        found["age"] = f"{low}-{high}" if low and high else f"under {high}" if high else f"{low} and over"
    return found


def attribute_spread(
    names: Sequence[str],
    real: Features,
    generated: Features,
    labels: Mapping[str, Mapping[str, str]],
    *,
    seed: int,
) -> dict[str, Spread]:
    """Judge every attribute of which two classes or more have enough training faces.

    Args:
        names: files of the training faces, in the order of ``real``.
        labels: by stem of a file's name.
    """
    stems = [Path(name).stem for name in names]
    spreads = {}
    for attribute in sorted({attribute for given in labels.values() for attribute in given}):
        given = np.array([labels.get(stem, {}).get(attribute, "") for stem in stems])
        classes, counts = np.unique(given[given != ""], return_counts=True)
        taught = np.isin(given, classes[counts >= LEAST])
        if (counts >= LEAST).sum() < 2:
            continue
        spreads[attribute] = _spread(real[taught], given[taught], generated, seed=seed)
    return spreads


def _spread(real: Features, given: np.ndarray, generated: Features, *, seed: int) -> Spread:
    model = make_pipeline(
        StandardScaler(), LogisticRegression(C=0.01, max_iter=200, class_weight="balanced", random_state=seed)
    )
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    judged = cross_val_predict(model, real, given, cv=folds)
    samples = model.fit(real, given).predict(generated)
    classes = [str(name) for name in np.unique(given)]
    shares = [{name: float((kind == name).mean()) for name in classes} for kind in (judged, samples)]
    return Spread(
        accuracy=float(balanced_accuracy_score(given, judged)),
        training=shares[0],
        samples=shares[1],
        distance=0.5 * sum(abs(shares[0][name] - shares[1][name]) for name in classes),
    )
