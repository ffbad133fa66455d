"""Faces that a question is about, in order, with a sheet of their pictures."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipeline.command_line import BadInput
from pipeline.dataset.images import save_grid
from pipeline.evaluation.annotation.query import Columns, Vocabulary, parse
from pipeline.evaluation.annotation.records import Records, Row
from pipeline.whole_files import write_whole

if TYPE_CHECKING:
    from pipeline.evaluation.annotation.faces import Faces

MATCHES: Final = "matches.jsonl"
SHEET: Final = "matches.png"
SHEET_COLUMNS: Final = 10
SCORES: Final = ("realism", "logit")


def vocabulary_of(head: Row) -> Vocabulary:
    """What can be asked of a file's faces."""
    scores = SCORES if head["realism"] is not None else ()
    return Vocabulary(choices=head["traits"], numbers=(*scores, *head["outputs"]))


def columns_of(records: Records) -> Columns:
    """What is known of a file's faces; of those with a problem nothing."""
    rows, words = records.rows, vocabulary_of(records.head)
    traits = [row.get("traits", {}) for row in rows]
    return Columns(
        choices={key: np.array([of.get(key, "") for of in traits]) for key in words.choices},
        numbers={name: np.array([_number(row, name) for row in rows], float) for name in words.numbers},
    )


def matches(records: Records, question: str, *, order: str | None = None) -> list[int]:
    """Numbers of the faces that a question finds.

    Args:
        order: name of a number: the highest first. None: realism where it is known, else as in the file.

    Raises:
        BadInput: the question is not understood, or there is no such number.
    """
    columns, words = columns_of(records), vocabulary_of(records.head)
    looked_at = np.array(["problem" not in row for row in records.rows], bool)
    found = np.flatnonzero(parse(question, words).holds(columns) & looked_at)
    by = order or ("realism" if "realism" in words.numbers else None)
    if by is None:
        return [int(number) for number in found]
    if by not in words.numbers:
        raise BadInput(f"faces cannot be ordered by {by!r}; there are {', '.join(words.numbers)}.")
    # Equal ones stay in the file's order.
    return [int(number) for number in found[np.argsort(-columns.numbers[by][found], kind="stable")]]


def write_matches(folder: Path, records: Records, numbers: Sequence[int], faces: "Faces", asked: Row) -> None:
    """Write the rows of some faces, and a sheet of their pictures in the same order.

    Args:
        asked: what was asked: the first line.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if numbers:
        save_grid(folder / SHEET, np.stack(faces.pictures(numbers)), min(SHEET_COLUMNS, len(numbers)))
    else:
        (folder / SHEET).unlink(missing_ok=True)
    lines: list[dict[str, Any]] = [asked, *(records.rows[number] for number in numbers)]
    write_whole(folder / MATCHES, "".join(map(_line, lines)).encode())


def _number(row: Row, name: str) -> float:
    return float(row.get(name, row.get("probabilities", {}).get(name, np.nan)))


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n"
