"""Lineups come back from files as they went in, and a broken one ends in a sentence."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.command_line import BadInput
from pipeline.evaluation.standing_out.lineups import FILE, found_head, lineups_at, read_lineup, write_lineup
from pipeline.faces.head import Head
from tests.pipeline.appearance.drawn import drawn_head


@pytest.fixture(scope="module")
def heads() -> list[Head]:
    return [drawn_head(seed) for seed in range(4)]


@pytest.fixture
def folder(tmp_path: Path, heads: list[Head]) -> Path:
    write_lineup(tmp_path / "case", heads, 2, {"sex": "female"})
    return tmp_path


def change(folder: Path, **facts: Any) -> Path:
    file = folder / "case" / FILE
    file.write_text(json.dumps({**json.loads(file.read_text()), **facts}))
    return file


def test_a_lineup_is_read_as_it_was_written(folder: Path, heads: list[Head]) -> None:
    (lineup,) = lineups_at(folder)

    assert (lineup.name, lineup.suspect, lineup.about) == ("case", 2, {"sex": "female"})
    for read, written in zip(lineup.heads, heads, strict=True):
        assert np.array_equal(read.image, written.image)
        assert np.abs(read.alpha - written.alpha).max() <= 0.5 / 255 + 1e-6
        assert np.array_equal(read.landmarks, written.landmarks)


def test_lineups_under_a_folder_come_in_the_order_of_their_names(tmp_path: Path, heads: list[Head]) -> None:
    for name in ("b", "a", "c"):
        write_lineup(tmp_path / name, heads, 0)

    assert [lineup.name for lineup in lineups_at(tmp_path)] == ["a", "b", "c"]


def test_without_landmarks_a_head_is_found_in_its_picture(heads: list[Head]) -> None:
    found = found_head(heads[0].image)

    assert found.landmarks.shape == (468, 2)
    assert found.alpha.shape == heads[0].alpha.shape


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"suspect": 4}, "which of its members is the suspect"),
        ({"suspect": "2"}, "which of its members is the suspect"),
        ({"members": ["1.png", "2.png"]}, "at least 3"),
        ({"members": "1.png"}, "does not name its members"),
        ({"members": ["1.png", "2.png", "none.png"], "suspect": 0}, "not a readable picture"),
        ({"members": ["1.png", "2.png", "3.png"], "suspect": 0}, "of other heads"),
        ({"heads": "lineup.json"}, "holds no landmarks"),
        ({"about": 5}, "nothing readable"),
    ],
)
def test_a_broken_lineup_is_refused_in_a_sentence(folder: Path, facts: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_lineup(change(folder, **facts))


def test_what_is_no_json_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")

    with pytest.raises(BadInput, match="cannot be read as JSON"):
        list(lineups_at(tmp_path))


def test_a_folder_without_lineups_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no lineup\.json"):
        list(lineups_at(tmp_path))
