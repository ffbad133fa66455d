"""What people say of photographs is read as it was written, or refused in one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.command_line import BadInput
from pipeline.gallery.building.labels import read_labels

ROW: dict[str, Any] = {
    "file": "a/7.jpg",
    "sex": "f",
    "age": 34,
    "group": "southeast_asian",
    "hair": "black",
    "length": "tied",
    "beard": "none",
    "glasses": False,
    "mouth": "smile",
    "yaw": 3.0,
}


def written(folder: Path, *rows: Any) -> Path:
    path = folder / "people.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    return path


def test_a_row_is_what_a_witness_would_say(tmp_path: Path) -> None:
    said = read_labels(written(tmp_path, ROW))["a/7.jpg"]

    assert (said.source, said.gives_hair) == (True, True)
    labels = said.labels
    assert (labels.sex, labels.ethnicity, labels.ethnic_appearance) == (
        "female",
        "southeast_asian",
        "east_asian",
    )
    assert labels.hair_length == "short"
    assert not labels.baldness


def test_nothing_is_made_of_rows_that_are_kept_for_tests(tmp_path: Path) -> None:
    rows = read_labels(written(tmp_path, ROW | {"split": "test"}, ROW | {"file": "b.jpg", "split": "train"}))

    assert {name: said.source for name, said in rows.items()} == {"a/7.jpg": False, "b.jpg": True}


def test_whoever_is_found_unfit_for_it_gives_no_hair_but_may_give_a_part_of_the_face(tmp_path: Path) -> None:
    said = read_labels(written(tmp_path, ROW | {"gives_hair": False}))["a/7.jpg"]

    assert (said.source, said.gives_hair) == (True, False)


@pytest.mark.parametrize(
    "row",
    [
        "not json",
        "[1, 2]",
        {key: value for key, value in ROW.items() if key != "age"},
        ROW | {"sex": "x"},
        ROW | {"age": "old"},
        ROW | {"age": -3},
        ROW | {"age": True},
        ROW | {"age": float("nan")},
        ROW | {"hair": ["black"]},
        ROW | {"group": None},
        ROW | {"glasses": 1},
        ROW | {"gives_hair": "no"},
        ROW | {"file": ""},
        ROW | {"length": {}},
    ],
)
def test_a_row_that_says_something_else_is_refused_with_its_line(row: Any, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="line 2") as refused:
        read_labels(written(tmp_path, ROW, row))

    assert "\n" not in str(refused.value)


def test_nobody_has_two_rows(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"line 2: a/7\.jpg has labels already"):
        read_labels(written(tmp_path, ROW, ROW))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people.jsonl").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(BadInput, match="cannot be read"):
        read_labels(tmp_path / "people.jsonl")
