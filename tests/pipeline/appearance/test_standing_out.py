"""Whoever looks unlike the others is found, in what he is unlike them; where nobody does, nobody is."""

import json

import numpy as np
import pytest

from pipeline.appearance.choosing import EVENED, choose_set
from pipeline.appearance.look import ASPECTS, Look, look_of
from pipeline.appearance.oddity import oddity
from pipeline.appearance.standing_out import Member, ordinal, standing_out
from pipeline.faces.head import Head
from tests.pipeline.appearance import degradations
from tests.pipeline.appearance.drawn import drawn_head, with_image

SIZES = {name: len(values) for name, values in look_of(drawn_head(0)).aspects.items()}


def drawn_look(rng: np.random.Generator, **odd: float) -> Look:
    """Aspects of unit spread; those of ``odd`` moved."""
    return Look({name: rng.normal(odd.get(name, 0.0), 0.5, size) for name, size in SIZES.items()}, grey=False)


def drawn_member(rng: np.random.Generator, **odd: float) -> Member:
    embedding = rng.normal(0, 1, 64) + 2.0
    return Member(drawn_look(rng, **odd), embedding.astype(np.float32), float(rng.normal()))


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("place", [0, 4])
def test_who_was_made_odd_in_one_aspect_is_found_in_it(aspect: str, place: int) -> None:
    rng = np.random.default_rng(7)
    members = [drawn_member(rng, **({aspect: 5.0} if i == place else {})) for i in range(6)]

    found = standing_out(members, place)

    assert found.foremost.name == aspect
    assert found.foremost.rank == 1
    assert found.rank == 1
    assert aspect in found.plainly


@pytest.mark.parametrize("name", degradations.EACH)
def test_a_photograph_unlike_the_others_is_named_by_what_happened_to_it(six: list[Head], name: str) -> None:
    made, aspect = degradations.EACH[name]
    heads = [*six[1:], with_image(six[0], made(six[0].image))]

    found = standing_out([Member(look_of(head)) for head in heads], 5)

    assert aspect in found.plainly


def test_where_nobody_is_odd_the_suspect_is_first_as_often_as_anybody() -> None:
    rng = np.random.default_rng(1)
    firsts = sum(standing_out([drawn_member(rng) for _ in range(6)], 2).rank == 1 for _ in range(300))

    assert 0.10 < firsts / 300 < 0.24  # 1/6, three standard deviations on either side


def test_a_lone_photograph_among_blends_is_found_by_the_classifier() -> None:
    rng = np.random.default_rng(2)
    members = [Member(drawn_look(rng), photograph=0.1 * i + 6.0 * (i == 3)) for i in range(6)]

    assert standing_out(members, 3).foremost.name == "photograph"


def test_a_face_unlike_all_others_is_odd_in_identity() -> None:
    rng = np.random.default_rng(3)
    members = [drawn_member(rng) for _ in range(5)]
    stranger = Member(drawn_look(rng), -np.asarray(members[0].embedding), 0.0)

    found = standing_out([stranger, *members], 0)

    assert found.foremost.name == "identity"


def test_the_finding_is_one_sentence_that_never_speaks_of_fairness() -> None:
    rng = np.random.default_rng(4)
    odd = standing_out([drawn_member(rng, sharpness=5.0), *(drawn_member(rng) for _ in range(5))], 0)

    assert (
        odd.sentence == "The suspect's picture differs most in sharpness: 1st of 6 there, overall 1st of 6."
    )
    assert "fair" not in json.dumps(odd.to_dict()).lower()
    assert odd.to_dict()["check"] == "appearance"


def test_unknown_values_make_nobody_odd() -> None:
    rng = np.random.default_rng(5)
    looks = [drawn_look(rng) for _ in range(6)]
    looks[2].aspects["noise"][:] = np.nan

    found = standing_out([Member(look) for look in looks], 2)

    noise = next(aspect for aspect in found.aspects if aspect.name == "noise")
    assert noise.distances[2] == 0
    assert all(np.isfinite(aspect.distances).all() for aspect in found.aspects)


def test_distances_do_not_depend_on_the_order_of_members() -> None:
    values = np.random.default_rng(6).normal(size=(6, 4))
    order = np.array([3, 1, 5, 0, 2, 4])

    np.testing.assert_allclose(oddity(values[order]), oddity(values)[order])


@pytest.mark.parametrize(("members", "suspect"), [(2, 0), (6, 6), (6, -1)])
def test_a_set_in_which_nothing_can_be_said_is_refused(members: int, suspect: int) -> None:
    rng = np.random.default_rng(0)

    with pytest.raises(ValueError, match=r"cannot be said|is said to be"):
        standing_out([drawn_member(rng) for _ in range(members)], suspect)


def test_ordinals_are_english() -> None:
    said = [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22)]

    assert said == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd"]


def test_the_chosen_set_makes_the_suspect_less_odd_than_a_set_by_chance() -> None:
    rng = np.random.default_rng(8)
    better, firsts = [], 0
    for _ in range(20):
        suspect = Member(evened_look(rng))
        candidates = [Member(evened_look(rng)) for _ in range(36)]
        picked = standing_out([suspect, *(candidates[i] for i in choose_set(candidates, suspect, 5))], 0)
        by_chance = standing_out([suspect, *candidates[:5]], 0)
        better.append(1 - picked.combined[0] / by_chance.combined[0])
        firsts += picked.rank == 1

    assert np.mean(better) > 0.1
    assert firsts <= 3


def evened_look(rng: np.random.Generator) -> Look:
    """Only what evening out leaves differs."""
    still = {name: rng.normal(0, 0.0 if name in EVENED else 1.0, size) for name, size in SIZES.items()}
    return Look(still, grey=False)


def test_two_pictures_of_one_person_are_not_chosen_together() -> None:
    rng = np.random.default_rng(9)
    suspect = drawn_member(rng)
    candidates = [drawn_member(rng) for _ in range(10)]
    twin = Member(drawn_look(rng), candidates[0].embedding, 0.0)

    chosen = choose_set([*candidates, twin], suspect, 6)

    assert len(set(chosen)) == 6
    assert not {0, 10} <= set(chosen)


def test_the_same_candidates_give_the_same_set() -> None:
    rng = np.random.default_rng(10)
    suspect, candidates = drawn_member(rng), [drawn_member(rng) for _ in range(20)]

    assert choose_set(candidates, suspect, 5) == choose_set(candidates, suspect, 5)


def test_more_fillers_than_candidates_are_refused() -> None:
    rng = np.random.default_rng(0)

    with pytest.raises(ValueError, match="5 fillers cannot be chosen of 2"):
        choose_set([drawn_member(rng)] * 2, drawn_member(rng), 5)
