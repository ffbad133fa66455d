"""CelebA and FairFace are read as they are published, and a damaged copy is said to be one."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipeline.attributes import AGES, CELEBA, RACES
from pipeline.command_line import BadInput
from pipeline.training.attributes.celeba import split_celeba
from pipeline.training.attributes.fairface import split_fairface
from tests.pipeline.training.attributes.written import celeba_values, write_celeba, write_fairface


@pytest.mark.parametrize("archive", [False, True])
def test_celeba_is_read_from_one_folder_or_from_those_of_the_archive(archive: bool, tmp_path: Path) -> None:
    write_celeba(tmp_path, 20, archive=archive)
    split = split_celeba(tmp_path)
    assert split.held_out is not None
    assert [len(part) for part in (split.train, split.validation, split.held_out)] == [16, 2, 2]
    assert all(file.is_file() for file in split.train.files)
    expected = [[celeba_values(number)[name] == 1 for name in CELEBA] for number in range(16)]
    np.testing.assert_array_equal(split.train.celeba, expected)
    assert split.train.real_people
    assert split.train.taught()["age"] == ()


def test_celeba_without_a_test_part_is_measured_on_its_validation_pictures(tmp_path: Path) -> None:
    write_celeba(tmp_path, 20)
    path = tmp_path / "list_eval_partition.txt"
    path.write_text(path.read_text().replace(" 2\n", " 1\n"))
    split = split_celeba(tmp_path)
    assert split.held_out is None
    assert split.measured is split.validation
    assert len(split.validation) == 4


def test_fairface_is_read_with_its_words_for_the_oldest(tmp_path: Path) -> None:
    write_fairface(tmp_path, 12, 4)
    split = split_fairface(tmp_path)
    assert [len(split.train), len(split.validation)] == [12, 4]
    assert [AGES[k] for k in split.train.age.argmax(axis=1)[:9]] == list(AGES)
    assert [RACES[k] for k in split.train.race.argmax(axis=1)[:7]] == list(RACES)
    np.testing.assert_array_equal(split.train.celeba[:, CELEBA.index("Male")], [1, 0] * 6)
    assert split.train.taught()["celeba"] == ("Male",)
    assert all(file.is_file() for file in split.validation.files)


def drop(name: str) -> Callable[[Path], None]:
    """Remove a file."""
    return lambda folder: (folder / name).unlink()


def change(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Change a file's text."""

    def changed(folder: Path) -> None:
        path = folder / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new, 1))

    return changed


ATTRIBUTES, PARTITION = "list_attr_celeba.txt", "list_eval_partition.txt"
DAMAGED_CELEBA = {
    "no attributes": (drop(ATTRIBUTES), r"list_attr_celeba\.txt is missing"),
    "no partition": (drop(PARTITION), r"list_eval_partition\.txt is missing"),
    "other attributes": (change(ATTRIBUTES, "Goatee", "Goat"), "not Goatee"),
    "cut short": (change(ATTRIBUTES, "20\n", "21\n"), "says 21 pictures and lists 20"),
    "another value": (change(ATTRIBUTES, " -1", "  0"), "line 3 .* 1 or -1"),
    "a part that does not exist": (change(PARTITION, "000003.jpg 0", "000003.jpg 7"), "line 3"),
    "a picture in no part": (change(PARTITION, "000003.jpg 0\n", ""), r"000003\.jpg"),
    "nothing": (lambda folder: (folder / ATTRIBUTES).write_text(""), "second line"),
}


@pytest.mark.parametrize("name", DAMAGED_CELEBA)
def test_a_damaged_celeba_is_refused_with_the_place(name: str, tmp_path: Path) -> None:
    damage, reason = DAMAGED_CELEBA[name]
    write_celeba(tmp_path, 20)
    damage(tmp_path)
    with pytest.raises(BadInput, match=reason):
        split_celeba(tmp_path)


LABELS = "fairface_label_train.csv"
DAMAGED_FAIRFACE = {
    "no labels": (drop(LABELS), r"fairface_label_train\.csv is missing"),
    "no validation labels": (drop("fairface_label_val.csv"), r"fairface_label_val\.csv is missing"),
    "another column": (change(LABELS, "race,", "ethnicity,"), "not race"),
    "another age": (change(LABELS, "10-19", "10-29"), "line 4 .*10-29"),
    "another race": (change(LABELS, "Middle Eastern", "Martian"), "line 8 .*Martian"),
    "nobody": (lambda folder: (folder / LABELS).write_text("file,age,gender,race\n"), "no faces to train on"),
}


@pytest.mark.parametrize("name", DAMAGED_FAIRFACE)
def test_a_damaged_fairface_is_refused_with_the_place(name: str, tmp_path: Path) -> None:
    damage, reason = DAMAGED_FAIRFACE[name]
    write_fairface(tmp_path, 12, 4)
    damage(tmp_path)
    with pytest.raises(BadInput, match=reason):
        split_fairface(tmp_path)
