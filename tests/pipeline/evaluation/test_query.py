"""Questions about annotated faces: what each way of asking finds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.command_line import BadInput
from pipeline.evaluation.annotation.query import Columns, Vocabulary, parse

VOCABULARY = Vocabulary(
    choices={
        "sex": ("female", "male"),
        "hair": ("black", "blond", "grey"),
        "beard": ("yes", "no"),
        "age_group": ("20-29", "30-39", "70+"),
        "ethnicity": ("Black", "Southeast Asian", "White"),
    },
    numbers=("realism", "Blond_Hair"),
)
FACES = Columns(
    choices={
        "sex": np.array(["female", "male", "female", "male"]),
        "hair": np.array(["blond", "black", "black", ""]),
        "beard": np.array(["no", "yes", "no", "no"]),
        "age_group": np.array(["20-29", "30-39", "70+", "30-39"]),
        "ethnicity": np.array(["White", "Southeast Asian", "Black", "White"]),
    },
    numbers={
        "realism": np.array([0.9, 0.8, np.nan, 0.1]),
        "Blond_Hair": np.array([0.7, 0.1, 0.5, 0.2]),
    },
)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("women", [0, 2]),
        ("Female", [0, 2]),
        ("women, blond, realism above 0.8", [0]),
        ("men, beard", [1]),
        ("no beard", [0, 2, 3]),
        ("not beard", [0, 2, 3]),
        ("without beard, men", [3]),
        ("beard = no", [0, 2, 3]),
        ("black hair", [1, 2]),
        ("hair is black", [1, 2]),
        ("ethnicity = black", [2]),
        ("southeast_asian", [1]),
        ("blonde or black hair", [0, 1, 2]),
        ("not blond or black hair", [3]),
        ("20-29 or 70+", [0, 2]),
        ("age 20 \u2013 29", [0]),
        ("aged 70+", [2]),
        ("age group = 30-39", [1, 3]),
        ("realism >= 0.8", [0, 1]),
        ("realism over 0.8", [0]),
        ("realism at most .8", [1, 3]),
        ("not realism at most .8", [0, 2]),
        ("blond hair > 0.4, women", [0, 2]),
        ("realism below 0.5 or 70+", [2, 3]),
        ("women, men", []),
    ],
)
def test_a_question_finds_the_faces_that_it_describes(question: str, found: list[int]) -> None:
    assert np.flatnonzero(parse(question, VOCABULARY).holds(FACES)).tolist() == found


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("", "empty term"),
        ("women,, blond", "empty term"),
        ("black", "hair = black' or 'ethnicity = Black"),
        ("womne", "perhaps 'women'"),
        ("purple", "sex: female, male; hair"),
        ("beauty above 0.5", "no number 'beauty'"),
        ("realism above high", "realism above high"),
        ("women or ", "'women or'"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_what_can(question: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        parse(question, VOCABULARY)


@given(st.text(max_size=40))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        query = parse(text, VOCABULARY)
    except BadInput:
        return
    assert query.holds(FACES).shape == (4,)
