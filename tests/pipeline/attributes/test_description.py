"""What the outputs say, in words."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.attributes import AGES, CELEBA, HAIR, RACES, TRAITS, Attributes, Description, describe


def faces(celeba: dict[str, float], *, age: int | None = None, race: int | None = None) -> Attributes:
    """Predictions for one face: probabilities of labels, and the groups that are likeliest."""
    return Attributes(
        celeba={name: np.array([p], np.float32) for name, p in celeba.items()},
        age=None if age is None else np.eye(9, dtype=np.float32)[[age]],
        race=None if race is None else np.eye(7, dtype=np.float32)[[race]],
        features=np.zeros((1, 2), np.float32),
        ages=() if age is None else AGES,
        races=() if race is None else RACES,
    )


@pytest.mark.parametrize(
    ("label", "probability", "key", "value", "confidence"),
    [
        ("Male", 0.9, "sex", "male", 0.9),
        ("Male", 0.2, "sex", "female", 0.8),
        ("No_Beard", 0.9, "beard", False, 0.9),
        ("No_Beard", 0.1, "beard", True, 0.9),
        ("Mustache", 0.5, "moustache", True, 0.5),
        ("5_o_Clock_Shadow", 0.25, "stubble", False, 0.75),
    ],
)
def test_a_single_output_is_a_yes_or_its_opposite(
    label: str, probability: float, key: str, value: Any, confidence: float
) -> None:
    found = describe(faces({label: probability}), 0)
    assert found[key].value == value
    assert found[key].confidence == pytest.approx(confidence)


def test_of_hair_the_likeliest_counts_even_below_a_half() -> None:
    hair = {"Bald": 0.1, "Black_Hair": 0.4, "Blond_Hair": 0.1, "Brown_Hair": 0.3, "Gray_Hair": 0.1}
    found = describe(faces(hair), 0)
    assert found["hair"].value == "black"
    assert found["hair"].confidence == pytest.approx(0.4)


def test_groups_are_named_as_fairface_does_in_one_word() -> None:
    found = describe(faces({}, age=3, race=4), 0)
    assert (found["age_group"].value, found["ethnicity"].value) == ("20-29", "southeast_asian")


def test_what_the_models_do_not_carry_is_not_described() -> None:
    assert list(describe(faces({"Male": 0.9}), 0).findings) == ["sex"]


def test_every_label_is_in_one_trait() -> None:
    labels = [name for trait in TRAITS if trait.source == "celeba" for name in trait.values]
    assert sorted(labels) == sorted(CELEBA)


@settings(deadline=None)
@given(st.lists(st.floats(0, 1, width=32), min_size=23, max_size=23), st.integers(0, 8), st.integers(0, 6))
def test_a_description_comes_back_from_json(values: list[float], age: int, race: int) -> None:
    found = describe(faces(dict(zip(CELEBA, values, strict=True)), age=age, race=race), 0)
    again = Description.from_dict(json.loads(json.dumps(found.to_dict())))
    assert again.to_dict() == found.to_dict()
    assert [trait.key for trait in TRAITS] == list(again.findings)
    assert all(0.0 <= one.confidence <= 1.0 for one in found.findings.values())


@settings(deadline=None)
@given(st.lists(st.floats(0, 1, width=32), min_size=5, max_size=5))
def test_nobody_is_without_hair_and_without_baldness(values: list[float]) -> None:
    present = faces(dict(zip(HAIR, values, strict=True))).present()
    passed = {name for name, p in zip(HAIR, values, strict=True) if p >= 0.5}
    found = {name for name in HAIR if present[name][0]}
    assert found == passed if passed else len(found) == 1
