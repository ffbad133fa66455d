"""A page is chosen as a set, by rules that can be told one by one."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fillers import Choice, Limits, Reason, choose
from tests.pipeline.fillers.made_up import SIZE, SUSPECT, unit

LIMITS = Limits(stranger=0.5, clone=0.8)


def passing(places: Sequence[int]) -> list[Reason | None]:
    return [None] * len(places)


def at(*similarities: float, seed: int = 0) -> np.ndarray:
    """Faces of these similarities to the suspect, as different from one another as can be."""
    away = np.linalg.qr(
        np.concatenate([SUSPECT[None], np.random.default_rng(seed).normal(size=(15, SIZE))]).T
    )[0]
    rows = [s * SUSPECT + np.sqrt(1 - s * s) * away[:, 1 + i] for i, s in enumerate(similarities)]
    return unit(np.stack(rows))


def chosen(faces: np.ndarray, *, count: int = 12, distance: float = 0.0) -> Choice:
    return choose(faces @ SUSPECT, faces, limits=LIMITS, count=count, distance=distance, examine=passing)


def test_the_suspect_himself_is_not_his_own_filler() -> None:
    choice = chosen(at(0.99, 0.7))

    assert choice.places == (1,)
    assert choice.rejected == {0: Reason.CLONE}


def test_a_stranger_is_no_filler() -> None:
    choice = chosen(at(0.2, 0.7))

    assert choice.places == (1,)
    assert choice.rejected == {0: Reason.STRANGER}


def test_of_two_pictures_of_one_person_one_is_shown() -> None:
    face = at(0.7)
    choice = chosen(np.concatenate([face, face]))

    assert choice.places == (0,)
    assert choice.rejected == {1: Reason.TOO_NEAR}


def test_a_face_that_is_examined_and_fails_is_not_shown() -> None:
    faces = at(0.7, 0.65, 0.6)

    choice = choose(
        faces @ SUSPECT,
        faces,
        limits=LIMITS,
        count=3,
        distance=0.0,
        examine=lambda places: [Reason.UNREAL if place == 1 else None for place in places],
    )

    assert choice.places == (0, 2)
    assert choice.rejected == {1: Reason.UNREAL}


def test_near_the_suspect_the_most_alike_are_shown_and_far_the_least_alike() -> None:
    faces = at(0.75, 0.7, 0.65, 0.6, 0.55, 0.52)

    assert chosen(faces, count=2, distance=0.0).places == (0, 1)
    assert chosen(faces, count=2, distance=1.0).places == (4, 5)


def test_a_page_stays_below_the_one_before_it_whoever_is_passed_over() -> None:
    similarity = np.round(np.linspace(0.75, 0.55, 9), 3)
    faces = at(*similarity)

    def chosen_below(below: float, failing: int) -> Choice:
        return choose(
            similarity,
            faces,
            limits=LIMITS,
            count=2,
            distance=0.0,
            below=below,
            examine=lambda places: [Reason.UNREAL if place == failing else None for place in places],
        )

    first, second = chosen_below(0.7, failing=-1), chosen_below(0.7, failing=3)
    assert first.places == (3, 4)  # the first three are 0.75, 0.725 and 0.7
    assert second.places == (4, 5)
    assert second.rejected == {0: Reason.ALIKE, 1: Reason.ALIKE, 2: Reason.ALIKE, 3: Reason.UNREAL}
    assert chosen_below(0.1, failing=-1).places == ()


def test_what_is_costly_is_asked_of_no_face_that_is_out_already() -> None:
    faces = at(0.99, 0.7, 0.1)
    asked: list[int] = []

    def examine(places: Sequence[int]) -> list[Reason | None]:
        asked.extend(places)
        return passing(places)

    choose(faces @ SUSPECT, faces, limits=LIMITS, count=3, distance=0.0, examine=examine)

    assert asked == [1]


@given(
    seed=st.integers(0, 10_000),
    number=st.integers(1, 60),
    spread=st.floats(0.01, 1.5),
    count=st.integers(1, 15),
    distance=st.floats(0, 1),
    failing=st.sets(st.integers(0, 59)),
)
def test_every_page_keeps_every_rule(
    seed: int, number: int, spread: float, count: int, distance: float, failing: set[int]
) -> None:
    random = np.random.default_rng(seed)
    faces = unit(SUSPECT + spread * random.normal(size=(number, SIZE)) / np.sqrt(SIZE))
    similarity = faces @ SUSPECT
    asked: list[int] = []

    def examine(places: Sequence[int]) -> list[Reason | None]:
        asked.extend(places)
        return [Reason.ATTRIBUTE if place in failing else None for place in places]

    choice = choose(similarity, faces, limits=LIMITS, count=count, distance=distance, examine=examine)

    places = list(choice.places)
    assert len(places) <= count
    assert len(asked) == len(set(asked))
    assert not failing & set(places)
    assert all(LIMITS.stranger <= similarity[place] < LIMITS.clone for place in places)
    assert all(faces[a] @ faces[b] < LIMITS.clone for a in places for b in places if a < b)
    assert list(similarity[places]) == sorted(similarity[places], reverse=True)
    if len(places) < count:
        assert choice.rejected.keys() == set(range(number)) - set(places)  # each for a reason


@given(seed=st.integers(0, 1000))
def test_the_choice_has_no_chance_in_it(seed: int) -> None:
    faces = unit(SUSPECT + np.random.default_rng(seed).normal(size=(40, SIZE)) / np.sqrt(SIZE))

    assert chosen(faces) == chosen(faces)
