"""Weights draw whom the table wants, whoever the portraits happen to show."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.gallery.building.balance import (
    OFTEN,
    age_band,
    counted,
    freshness,
    put_on,
    traits,
    wanted,
    weights,
)
from pipeline.gallery.building.targets import TARGETS
from tests.pipeline.gallery.building.people import somebody


def crowd(count: int, seed: int) -> list[dict[str, str]]:
    """People of whom most are smiling white men, as portraits have them."""
    rng = np.random.default_rng(seed)
    groups = list(TARGETS["ethnicity"])
    people = []
    for _ in range(count):
        woman = rng.random() < 0.25
        people.append(
            traits(
                somebody(
                    sex="female" if woman else "male",
                    age=float(rng.uniform(15, 80)),
                    ethnicity=str(rng.choice(groups, p=[0.64, 0.1, 0.08, 0.06, 0.04, 0.04, 0.04])),
                    hair=str(rng.choice(list(TARGETS["hair"]))),
                    length=str(rng.choice(["short", "long"])),
                    beard="full" if not woman and rng.random() < 0.2 else "none",
                    glasses=bool(rng.random() < 0.15),
                    mouth="smile" if rng.random() < 0.55 else "closed",
                )
            )
        )
    return people


def drawn(people: list[dict[str, str]], probabilities: np.ndarray, trait: str, value: str) -> float:
    return float(probabilities[[one[trait] == value for one in people]].sum())


def test_the_table_s_shares_are_whole() -> None:
    for trait, shares in TARGETS.items():
        assert sum(shares.values()) == pytest.approx(1.0), trait
    assert min(TARGETS["ethnicity"].values()) >= 0.05


def test_of_portraits_that_are_mostly_smiling_men_half_of_those_drawn_are_women_and_half_smile() -> None:
    people = crowd(1500, seed=1)

    probabilities = weights(people, {})

    assert probabilities.sum() == pytest.approx(1.0)
    assert drawn(people, probabilities, "sex", "female") == pytest.approx(0.5, abs=0.03)
    assert drawn(people, probabilities, "mouth", "smile") == pytest.approx(0.49, abs=0.04)
    for group, share in TARGETS["ethnicity"].items():
        assert drawn(people, probabilities, "ethnicity", group) == pytest.approx(share, abs=0.03), group


def test_nobody_gives_the_hair_to_many() -> None:
    assert weights(crowd(1500, seed=2), {}).max() < 1.3 * OFTEN


def test_who_is_refused_more_often_is_drawn_more_often_later() -> None:
    people = crowd(1500, seed=3)
    accepted = counted([one for one in crowd(2000, seed=4) if one["ethnicity"] != "indian"])

    before, after = weights(people, {}), weights(people, accepted)

    assert drawn(people, after, "ethnicity", "indian") > 1.2 * drawn(people, before, "ethnicity", "indian")


def test_values_that_no_portrait_has_leave_their_share_to_the_others() -> None:
    men = [one for one in crowd(300, seed=5) if one["sex"] == "male"]

    probabilities = weights(men, {})

    assert probabilities.sum() == pytest.approx(1.0)
    assert np.isfinite(probabilities).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(0, 1000))
def test_any_portraits_have_weights(count: int, seed: int) -> None:
    probabilities = weights(crowd(count, seed), counted(crowd(seed, seed)))

    assert probabilities.shape == (count,)
    assert (probabilities >= 0).all()
    assert probabilities.sum() == pytest.approx(1.0)


def test_moved_shares_stay_whole() -> None:
    for shares in wanted(counted(crowd(700, seed=6))).values():
        assert sum(shares.values()) == pytest.approx(1.0)


def test_ages_have_bands() -> None:
    assert [age_band(age) for age in (14, 20, 39.9, 60, 95)] == [
        "under 20",
        "20-29",
        "30-39",
        "60 and over",
        "60 and over",
    ]
    assert {age_band(age) for age in range(100)} == set(TARGETS["age"])


def test_whoever_only_gives_faces_again_is_drawn_less() -> None:
    people = crowd(400, seed=7)
    new, again = np.full(400, 3), np.zeros(400, np.int64)
    again[:20] = 30

    before, after = weights(people, {}), weights(people, {}, freshness(new, again))

    assert after[:20].sum() < 0.5 * before[:20].sum()
    assert drawn(people, after, "sex", "female") == pytest.approx(0.5, abs=0.05)


@given(st.floats(0.0, 1.0))
def test_glasses_are_put_on_as_many_bare_faces_as_are_missing(wearers: float) -> None:
    assert wearers + (1 - wearers) * put_on(wearers) == pytest.approx(max(wearers, TARGETS["glasses"]["yes"]))


def test_few_who_wear_glasses_are_not_drawn_more_often_for_it() -> None:
    people = crowd(1500, seed=8)
    for number, one in enumerate(people):
        one["glasses"] = "yes" if number % 25 == 0 else "no"

    assert drawn(people, weights(people, {}), "glasses", "yes") < 0.08


def test_of_many_who_wear_glasses_as_many_are_drawn_as_are_wanted() -> None:
    people = crowd(1500, seed=9)
    for number, one in enumerate(people):
        one["glasses"] = "yes" if number % 5 < 2 else "no"

    share = drawn(people, weights(people, {}), "glasses", "yes")
    assert share == pytest.approx(TARGETS["glasses"]["yes"], abs=0.05)
