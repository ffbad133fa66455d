"""Attribute models against labels: figures worked out by hand."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.attributes import AGES, CELEBA, RACES, Attributes
from pipeline.evaluation.annotation.words import from_columns
from pipeline.evaluation.classification import YesNo
from pipeline.evaluation.predictors.examining import attributes_in, histogram_of
from pipeline.evaluation.predictors.judging import judged_labels, judged_traits
from pipeline.training.attributes.labelled import Labelled, one_hot

MEN = (1, 1, 1, 0, 0, 0)
AGE_GROUPS = ("20-29", "20-29", "70+", "20-29", "30-39", None)
ETHNICITIES = ("White", "Black", "Black", "White", "White", "Black")


def labelled() -> Labelled:
    """Six faces: of the last one neither age nor hair is known."""
    celeba = np.full((6, len(CELEBA)), np.nan, np.float32)
    celeba[:, CELEBA.index("Male")] = MEN
    for label, values in (
        ("Black_Hair", (1, 1, 0, 0, 0, 1)),
        ("Blond_Hair", (0, 0, 0, 1, 1, 1)),
        ("Bald", (0, 0, 1, 0, 0, 0)),
        ("No_Beard", (0, 1, 1, 1, 1, 1)),
    ):
        celeba[:, CELEBA.index(label)] = values
    return Labelled(
        files=[Path(f"{number}.png") for number in range(6)],
        celeba=celeba,
        age=one_hot(AGE_GROUPS, AGES),
        race=one_hot(ETHNICITIES, RACES),
        what="six faces",
        real_people=False,
    )


def predicted() -> Attributes:
    """One man is taken for a woman, one colour of hair and one beard are wrong, ages off by 0, 1, 0, 5, 1."""
    columns = {
        "Bald": (0.1, 0.2, 0.9, 0.1, 0.1, 0.1),
        "Black_Hair": (0.9, 0.4, 0.2, 0.2, 0.6, 0.3),
        "Blond_Hair": (0.1, 0.3, 0.1, 0.8, 0.3, 0.2),
        "Male": (0.9, 0.8, 0.3, 0.1, 0.2, 0.4),
        "No_Beard": (0.2, 0.9, 0.7, 0.9, 0.3, 0.9),
        "age 20-29": (0.7, 0.3, 0.1, 0.1, 0.6, 0.4),
        "age 30-39": (0.2, 0.5, 0.1, 0.1, 0.3, 0.3),
        "age 70+": (0.1, 0.2, 0.8, 0.8, 0.1, 0.3),
        "race White": (0.9, 0.4, 0.6, 0.7, 0.8, 0.1),
        "race Black": (0.1, 0.6, 0.4, 0.3, 0.2, 0.9),
    }
    return from_columns({name: np.array(values, np.float32) for name, values in columns.items()})


def test_shares_that_are_right_are_those_worked_out_by_hand() -> None:
    judged = judged_traits(predicted(), labelled())

    right = {key: (int(trait.right.sum()), trait.accuracy.pictures) for key, trait in judged.items()}
    assert right == {"sex": (5, 6), "age_group": (2, 5), "ethnicity": (5, 6), "hair": (4, 5), "beard": (5, 6)}
    assert judged["hair"].accuracy.value == pytest.approx(0.8)
    assert judged["age_group"].near is not None
    assert judged["age_group"].near.value == pytest.approx(4 / 5)
    assert judged["sex"].near is None


def test_each_group_of_people_has_its_own_share() -> None:
    sex = judged_traits(predicted(), labelled())["sex"].by_group()

    found = {
        kind: {name: (share.value, share.pictures) for name, share in shares.items()}
        for kind, shares in sex.items()
    }
    assert found == {
        "sex": {"male": (pytest.approx(2 / 3), 3), "female": (1.0, 3)},
        "age_group": {"20-29": (1.0, 3), "30-39": (1.0, 1), "70+": (0.0, 1)},
        "ethnicity": {"white": (1.0, 3), "black": (pytest.approx(2 / 3), 3)},
    }


def test_the_matrix_of_ages_has_true_groups_in_rows() -> None:
    judged = judged_traits(predicted(), labelled())["age_group"]

    counts = {
        (judged.names[row], judged.names[column]): int(judged.matrix[row, column])
        for row, column in np.argwhere(judged.matrix).tolist()
    }
    assert counts == {
        ("20-29", "20-29"): 1,
        ("20-29", "30-39"): 1,
        ("70+", "70+"): 1,
        ("20-29", "70+"): 1,
        ("30-39", "20-29"): 1,
    }
    assert judged.classes["20-29"] == YesNo(0.4, 0.5, 1 / 3, 3, 5)


def test_labels_are_judged_one_by_one_where_they_are_known() -> None:
    labels = judged_labels(predicted(), labelled())

    assert set(labels) == {"Bald", "Black_Hair", "Blond_Hair", "Male", "No_Beard"}
    assert labels["Male"] == YesNo(5 / 6, 1.0, 2 / 3, 3, 6)
    # Of the second and the last face no hair reaches 0.5: black is the likeliest.
    assert labels["Black_Hair"] == YesNo(5 / 6, 3 / 4, 1.0, 3, 6)
    assert labels["Blond_Hair"] == YesNo(4 / 6, 1.0, 1 / 3, 3, 6)


def test_what_the_models_do_not_tell_is_not_judged() -> None:
    only_sex = from_columns({"Male": np.array(MEN, np.float32)})

    assert set(judged_traits(only_sex, labelled())) == {"sex"}
    assert set(judged_labels(only_sex, labelled())) == {"Male"}


def test_the_histogram_takes_the_likeliest_hair_when_none_reaches_a_half() -> None:
    histogram = histogram_of("six faces", predicted())

    assert histogram.faces == 6
    assert histogram.counts == {
        "Bald": 1,
        "Black_Hair": 4,
        "Blond_Hair": 1,
        "Male": 2,
        "No_Beard": 4,
        "age 20-29": 3,
        "age 30-39": 1,
        "age 70+": 2,
        "race White": 4,
        "race Black": 2,
    }


def test_the_histogram_of_annotated_faces_is_that_of_the_predictions() -> None:
    columns = predicted().columns()
    rows = [
        {"id": str(i), "probabilities": {name: float(values[i]) for name, values in columns.items()}}
        for i in range(6)
    ]

    again = attributes_in([*rows, {"id": "6", "problem": "empty"}], list(columns))

    assert histogram_of("six faces", again) == histogram_of("six faces", predicted())


def test_columns_give_the_same_attributes_again() -> None:
    again = from_columns(predicted().columns())

    assert again.ages == ("20-29", "30-39", "70+")
    assert again.races == ("White", "Black")
    for name, values in predicted().columns().items():
        np.testing.assert_array_equal(again.columns()[name], values)
