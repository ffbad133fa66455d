"""What a face looks like, as numbers: from the labels of rendered heads, or as attribute models say it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipeline.attributes import AGES, Attributes
from pipeline.command_line import BadInput

#: Directions that are offered. What else is scored is only kept as it is while these change.
OFFERED: Final = ("age", "beard", "hair_darkness", "weight")
NUISANCES: Final = ("sex", "skin")

Scores = dict[str, np.ndarray]
"""Attribute → float (n,), in any unit; NaN where it is not known."""

BEARDS: Final = {
    "none": 0.0,
    "stubble": 0.3,
    "moustache": 0.4,
    "goatee": 0.6,
    "short_beard": 0.8,
    "full_beard": 1.0,
}
HAIR: Final = {"black": 1.0, "darkbrown": 0.8, "brown": 0.6, "lightbrown": 0.4, "red": 0.4, "blond": 0.1}
#: Years in the middle of FairFace's groups.
YEARS: Final = dict(zip(AGES, (1.0, 6.0, 15.0, 25.0, 35.0, 45.0, 55.0, 65.0, 75.0), strict=True))
PREDICTED_HAIR: Final = {"Black_Hair": 1.0, "Brown_Hair": 0.6, "Blond_Hair": 0.1, "Gray_Hair": 0.1}


def scores_of_labels(path: Path, stems: Sequence[str]) -> Scores:
    """Scores of rendered heads, from ``labels.jsonl``.

    Args:
        stems: of the pictures' names; a picture without a label is not known.

    Raises:
        BadInput: not one JSON object with ``file`` a line, or no label for any picture.
    """
    labels: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        try:
            values = json.loads(line)
            labels[Path(values["file"]).stem] = values
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"line {number} of {path} is no label of a picture: {error!r}") from error
    if labels.keys().isdisjoint(stems):
        raise BadInput(f"{path} has no label for any of the pictures.")
    rows = [_scored(labels[stem]) if stem in labels else {} for stem in stems]
    return {name: np.array([row.get(name, np.nan) for row in rows]) for name in (*OFFERED, *NUISANCES)}


def _scored(label: Mapping[str, Any]) -> dict[str, float]:
    found = {}
    for name, key in (("age", "age_years"), ("weight", "weight"), ("skin", "melanin")):
        if key in label:
            found[name] = float(label[key])
    if "sex" in label:
        found["sex"] = float(label["sex"] == "male")
    if label.get("facial") in BEARDS:
        found["beard"] = BEARDS[label["facial"]]
    if label.get("haircolor") in HAIR and label.get("hairstyle") != "bald":
        found["hair_darkness"] = HAIR[label["haircolor"]] * (1.0 - float(label.get("grey", 0.0)))
    return found


def scores_of_predictions(found: Attributes) -> Scores:
    """Scores as attribute models give them: of what the models were taught."""
    scores: Scores = {}
    if found.age is not None and found.race is not None:
        scores["age"] = found.age @ np.array([YEARS[group] for group in AGES])
        columns = found.columns()
        if "race Black" in columns:
            scores["skin"] = columns["race Black"]
    for name, label in (("weight", "Chubby"), ("sex", "Male")):
        if label in found.celeba:
            scores[name] = found.celeba[label]
    if "No_Beard" in found.celeba:
        scores["beard"] = 1.0 - found.celeba["No_Beard"]
    hair = {label: shade for label, shade in PREDICTED_HAIR.items() if label in found.celeba}
    if len(hair) > 1:
        table = np.stack([found.celeba[label] for label in hair], axis=1)
        scores["hair_darkness"] = table @ np.array(list(hair.values())) / np.maximum(table.sum(axis=1), 1e-6)
    return scores
