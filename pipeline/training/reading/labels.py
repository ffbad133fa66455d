"""Labelled portraits: a row of JSON for each, in the words of ``people.jsonl``, as keys of a description."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.attributes.people import APPEARANCES, GROUPS, LENGTHS, SEXES
from pipeline.command_line import BadInput
from pipeline.reading.words import VALUES, age_group

Value = str | bool
TRAIN, TEST = "train", "test"


@dataclass(frozen=True)
class Person:
    """A labelled portrait.

    Attributes:
        file: the picture's name.
        split: "train" or "test"; nothing learns from the latter.
        real: whether it is a photograph of somebody.
        years: as estimated by eye.
        traits: key of a description → value.
    """

    file: str
    split: str
    real: bool
    years: float
    traits: Mapping[str, Value]


def read_labels(path: Path) -> list[Person]:
    """Read a file of rows.

    Raises:
        BadInput: it cannot be read, or a row lacks something or says what is not known.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"The labels {path} cannot be read: {error}.") from error
    people = []
    for number, line in enumerate(lines, 1):
        try:
            people.append(_person(json.loads(line)))
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput(f"Row {number} of {path} is no label of a portrait: {error!r}.") from error
    if not people:
        raise BadInput(f"{path} has no rows.")
    return people


def _person(row: Mapping[str, Any]) -> Person:
    if row["split"] not in (TRAIN, TEST):
        raise ValueError(f"split {row['split']}")
    years = float(row["age"])
    if row["hair"] not in VALUES["hair"] or row["mouth"] not in VALUES["mouth"]:
        raise ValueError(f"hair {row['hair']}, mouth {row['mouth']}")
    return Person(
        file=str(row["file"]),
        split=row["split"],
        real=bool(row["real_person"]),
        years=years,
        traits={
            "sex": SEXES[row["sex"]],
            "age_group": age_group(years),
            "ethnicity": GROUPS[row["group"]],
            "ethnic_appearance": APPEARANCES[GROUPS[row["group"]]],
            "hair": str(row["hair"]),
            "hair_length": LENGTHS[row["length"]],
            "beard": row["beard"] != "none",
            "glasses": bool(row["glasses"]),
            "baldness": row["hair"] == "bald",
            "mouth": str(row["mouth"]),
        },
    )
