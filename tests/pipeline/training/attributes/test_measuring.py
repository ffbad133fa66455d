"""Accuracies are counted over the faces of which the truth is known, and for each group of people."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.attributes import AGES, CELEBA, RACES, Description, Finding, Reliability
from pipeline.training.attributes.labelled import Labelled, one_hot, unknown_celeba
from pipeline.training.attributes.measuring import compared, truths


def labelled(sexes: list[float], ages: list[str | None], races: list[str | None], **hair: float) -> Labelled:
    """Faces of which the sex, the age, the ethnicity and the same labels of hair are known."""
    celeba = unknown_celeba(len(sexes))
    celeba[:, CELEBA.index("Male")] = sexes
    for name, value in hair.items():
        celeba[:, CELEBA.index(name)] = value
    return Labelled(
        files=[Path(f"{number}.jpg") for number in range(len(sexes))],
        celeba=celeba,
        age=one_hot(ages, AGES),
        race=one_hot(races, RACES),
        what="nobody",
        real_people=False,
    )


def described(**values: str | bool) -> Description:
    """A description with these values."""
    return Description({key: Finding(value, 0.9) for key, value in values.items()})


FACES = labelled([1, 1, 0, np.nan], ["20-29", "30-39", "70+", None], ["White", "Black", "Black", None])
FOUND = [
    described(sex="male", age_group="20-29"),
    described(sex="female", age_group="40-49"),
    described(sex="female", age_group="50-59"),
    described(sex="female", age_group="0-2"),
]


def test_faces_of_which_the_truth_is_not_known_count_for_nothing() -> None:
    found = compared(FOUND, FACES)
    assert found["sex"].accuracy == pytest.approx(2 / 3)
    assert found["sex"].n == 3
    assert found.keys() == {"sex", "age_group"}


def test_a_neighbouring_age_group_is_near() -> None:
    found = compared(FOUND, FACES)["age_group"]
    assert found.accuracy == pytest.approx(1 / 3)
    assert found.near == pytest.approx(2 / 3)


def test_each_group_of_people_has_a_figure_of_its_own() -> None:
    groups = compared(FOUND, FACES)["sex"].by_group
    assert {name: (one.accuracy, one.n) for name, one in groups["ethnicity"].items()} == {
        "black": (0.5, 2),
        "white": (1.0, 1),
    }
    assert {name: one.n for name, one in groups["sex"].items()} == {"female": 1, "male": 2}


@pytest.mark.parametrize(
    ("labels", "hair"),
    [
        ({"Bald": 0, "Black_Hair": 1, "Gray_Hair": 0}, "black"),
        ({"Bald": 0, "Black_Hair": 1, "Brown_Hair": np.nan}, "black"),
        ({"Bald": 0, "Black_Hair": 0, "Blond_Hair": 0, "Brown_Hair": 0, "Gray_Hair": 0}, None),
        ({"Bald": 0, "Black_Hair": 1, "Brown_Hair": 1}, None),
        ({}, None),
    ],
)
def test_hair_is_known_where_one_label_says_so(labels: dict[str, float], hair: str | None) -> None:
    assert truths(labelled([1], [None], [None], **labels))["hair"] == [hair]


def test_reliability_comes_back_from_its_json_form() -> None:
    for one in compared(FOUND, FACES).values():
        assert Reliability.from_dict(one.to_dict()) == one
