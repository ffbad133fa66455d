"""Hair takes another colour where few give that colour."""

import numpy as np
import pytest

from pipeline.gallery.building.hair import MOST, lacking, other_colour
from pipeline.gallery.building.labels import Labels
from pipeline.gallery.colouring import HairColour
from tests.pipeline.gallery.building.people import somebody

BROWN = somebody(sex="male", age=52.0, hair="brown", length="short")


def even(people: list[Labels]) -> np.ndarray:
    return np.full(len(people), 1 / len(people))


def drawn(giver: Labels, people: list[Labels], count: int = 400) -> list[HairColour | None]:
    return [
        other_colour(np.random.default_rng([1, seed]), giver, people, even(people)) for seed in range(count)
    ]


def test_what_few_give_is_lacking_and_what_many_give_is_not() -> None:
    grey = somebody(sex="male", age=55.0, hair="grey", length="short")
    people = [BROWN] * 40 + [grey] * 6

    lack = lacking(people, even(people), BROWN)

    assert lack["brown"] == 0.0
    assert lack["grey"] == pytest.approx(0.75)
    assert lack["blond"] == 1.0


def test_people_of_another_age_are_no_help() -> None:
    people = [BROWN] * 40 + [somebody(sex="male", age=75.0, hair="grey")] * 60

    assert lacking(people, even(people), BROWN)["grey"] == 1.0


def test_some_but_at_most_half_of_the_hair_takes_another_colour() -> None:
    found = [one.name for one in drawn(BROWN, [BROWN] * 40) if one is not None]

    assert set(found) == {"grey", "black"}
    assert 0.3 * 400 < len(found) < (MOST + 0.1) * 400


def test_the_same_seed_draws_the_same_colour() -> None:
    assert drawn(BROWN, [BROWN] * 40, 60) == drawn(BROWN, [BROWN] * 40, 60)


def test_where_enough_give_every_colour_the_hair_stays() -> None:
    crowd = [somebody(sex="male", age=52.0, hair=hair) for hair in ("brown", "black", "blond", "grey")] * 30

    assert drawn(BROWN, crowd) == [None] * 400


@pytest.mark.parametrize(
    "changes", [{"length": "none"}, {"hair": "bald"}, {"hair": "dyed"}, {"hair": "grey"}]
)
def test_the_bald_the_dyed_and_the_grey_stay_as_they_are(changes: dict[str, str]) -> None:
    one = somebody(**({"sex": "male", "age": 52.0} | changes))

    assert drawn(one, [one] * 40) == [None] * 400
