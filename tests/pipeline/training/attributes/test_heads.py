"""Labels of rendered heads mean what the table says."""

import json
import math
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from pipeline.attributes import AGES, CELEBA, RACES
from pipeline.command_line import BadInput
from pipeline.training.attributes.heads import (
    CELEBA_OF,
    age_group,
    is_held_out,
    is_watched,
    read_heads,
    split_heads,
)

HEAD = {
    "file": "20001.jpg",
    "sex": "male",
    "age_years": 47.9,
    "eth": "south_asian",
    "haircolor": "darkbrown",
    "grey": 0.1,
    "hairstyle": "side",
    "facial": "none",
    "rec": 1.0,
    "weight": 0.5,
}


def label(name: str, **changes: Any) -> float:
    """A label of CelebA for a head."""
    return CELEBA_OF[name]({**HEAD, **changes})


@pytest.mark.parametrize(
    ("changes", "hair"),
    [
        ({"haircolor": "black"}, "Black_Hair"),
        ({"haircolor": "darkbrown"}, "Brown_Hair"),
        ({"haircolor": "lightbrown"}, "Brown_Hair"),
        ({"haircolor": "blond"}, "Blond_Hair"),
        ({"haircolor": "black", "grey": 0.25}, "Gray_Hair"),
        ({"haircolor": "red", "grey": 0.9}, "Gray_Hair"),
        ({"haircolor": "black", "grey": 0.9, "hairstyle": "bald"}, "Bald"),
    ],
)
def test_a_head_has_one_colour_or_is_bald(changes: dict[str, Any], hair: str) -> None:
    names = ("Bald", "Black_Hair", "Blond_Hair", "Brown_Hair", "Gray_Hair")
    assert [name for name in names if label(name, **changes) == 1] == [hair]


def test_red_hair_is_none_of_celebas_colours_and_not_grey() -> None:
    colours = ("Black_Hair", "Blond_Hair", "Brown_Hair")
    assert all(math.isnan(label(name, haircolor="red")) for name in colours)
    assert label("Gray_Hair", haircolor="red") == 0


@pytest.mark.parametrize(
    ("facial", "labels"),
    [
        ("none", {"No_Beard"}),
        ("stubble", {"5_o_Clock_Shadow"}),
        ("goatee", {"Goatee"}),
        ("moustache", {"Mustache"}),
        ("short_beard", set()),
        ("full_beard", set()),
    ],
)
def test_hair_on_the_face_is_of_one_kind(facial: str, labels: set[str]) -> None:
    names = ("No_Beard", "5_o_Clock_Shadow", "Goatee", "Mustache")
    assert {name for name in names if label(name, facial=facial) == 1} == labels


@pytest.mark.parametrize(("rec", "value"), [(2.9, 0.0), (4.5, math.nan), (6.0, 1.0)])
def test_what_lies_between_is_not_known(rec: float, value: float) -> None:
    assert label("Receding_Hairline", rec=rec) == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize(
    ("style", "straight", "wavy"),
    [("side", 1.0, 0.0), ("curly", 0.0, 1.0), ("bald", 0.0, 0.0), ("afro", math.nan, math.nan)],
)
def test_texture_is_known_of_some_styles(style: str, straight: float, wavy: float) -> None:
    assert label("Straight_Hair", hairstyle=style) == pytest.approx(straight, nan_ok=True)
    assert label("Wavy_Hair", hairstyle=style) == pytest.approx(wavy, nan_ok=True)


@pytest.mark.parametrize(
    ("years", "group"),
    [(0, "0-2"), (2.9, "0-2"), (3, "3-9"), (18.5, "10-19"), (29.99, "20-29"), (30, "30-39"), (80, "70+")],
)
def test_ages_are_rounded_down(years: float, group: str) -> None:
    assert age_group(years) == group


def write_heads(folder: Path, numbers: range, **changes: Any) -> None:
    """Small pictures of heads with their labels; every other one is a woman."""
    rows = []
    for number in numbers:
        name = f"{number}.png"
        cv2.imwrite(str(folder / name), np.full((8, 8, 3), number % 256, np.uint8))
        rows.append({**HEAD, "file": f"{number}.jpg", "sex": ("male", "female")[number % 2], **changes})
    (folder / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_pictures_and_labels_are_matched_by_name(tmp_path: Path) -> None:
    write_heads(tmp_path, range(20000, 20003))
    (tmp_path / "20001.png").unlink()
    heads = read_heads(tmp_path)
    assert [file.name for file in heads.files] == ["20000.png", "20002.png"]
    assert heads.race[0].argmax() == RACES.index("Indian")
    assert heads.age[0].argmax() == AGES.index("40-49")
    assert heads.celeba[0, CELEBA.index("Male")] == 1
    assert np.isnan(heads.celeba[0, CELEBA.index("Big_Nose")])


def test_no_head_is_in_two_parts_and_a_tenth_is_held_out(tmp_path: Path) -> None:
    write_heads(tmp_path, range(20000, 20100))
    split = split_heads(tmp_path)
    assert split.held_out is not None
    parts = [{file.name for file in part.files} for part in (split.train, split.validation, split.held_out)]
    assert [len(part) for part in parts] == [85, 5, 10]
    assert len(set.union(*parts)) == 100
    assert all(is_held_out(name) for name in parts[2])
    assert all(is_watched(name) for name in parts[1])
    assert not any(is_held_out(name) or is_watched(name) for name in parts[0])


def test_two_pictures_of_a_head_are_on_the_same_side() -> None:
    assert is_held_out("60010_1.jpg")
    assert is_held_out("60010_2.jpg")


def test_labels_that_nothing_is_known_of_are_not_taught(tmp_path: Path) -> None:
    write_heads(tmp_path, range(20000, 20004))
    taught = read_heads(tmp_path).taught()
    assert taught["celeba"] == ("Male",)
    assert taught["race"] == ("Indian",)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("nonsense", "line 2"),
        ("[1]", "line 2"),
        (json.dumps({**HEAD, "eth": "martian"}), "line 2.*martian"),
        (json.dumps({"file": "20001.jpg"}), "line 2"),
    ],
)
def test_damaged_labels_are_said_to_be(line: str, reason: str, tmp_path: Path) -> None:
    write_heads(tmp_path, range(20000, 20002))
    path = tmp_path / "labels.jsonl"
    path.write_text(path.read_text().splitlines()[0] + "\n" + line + "\n")
    with pytest.raises(BadInput, match=reason):
        read_heads(tmp_path)


def test_labels_of_other_pictures_are_refused(tmp_path: Path) -> None:
    write_heads(tmp_path, range(20000, 20002))
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(BadInput, match="no picture"):
        read_heads(tmp_path / "elsewhere", tmp_path / "labels.jsonl")
    with pytest.raises(BadInput, match="missing"):
        read_heads(tmp_path / "elsewhere")
