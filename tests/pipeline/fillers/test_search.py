"""A page is searched until it is full, or until it is said why it is not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.fillers import (
    Band,
    GeneratorSource,
    Locks,
    Page,
    PageRequest,
    Reason,
    Search,
    Step,
    distance_of,
)
from pipeline.fillers.search import ROUNDS
from tests.pipeline.fillers.made_up import SHAPE, SUSPECT, MadeUpMaker, band, space

BAND = band()


def found(
    maker: MadeUpMaker | None = None,
    *,
    measured: Band | None = BAND,
    locks: Locks | None = None,
    count: int = 12,
    distance: float = 0.0,
    seed: int = 0,
    page: int = 1,
    below: float | None = None,
    step: Step = lambda fraction: None,
    patience: int | None = None,
) -> Page:
    source = GeneratorSource(
        maker or MadeUpMaker(), space(), measured, start=SUSPECT.reshape(SHAPE), noise_seed=seed
    )
    search = Search(source, reference=SUSPECT, step=step, patience=patience)
    request = PageRequest(
        count=count, distance=distance, locks=locks or Locks(), seed=seed, page=page, below=below
    )
    return search.run(request)


def similarities(page: Page) -> list[float]:
    return [face.similarity for face in page.faces]


def test_a_page_is_full_and_within_the_band() -> None:
    page = found()

    assert len(page.faces) == 12
    assert page.limits is not None
    assert all(page.limits.stranger <= s < page.limits.clone for s in similarities(page))


def test_no_two_faces_of_a_page_are_one_person() -> None:
    who = np.stack([face.identity for face in found().faces])

    assert (who @ who.T)[np.triu_indices(12, 1)].max() < BAND.same_person


@settings(max_examples=20, deadline=None)  # three searches each
@given(seed=st.integers(0, 1000))
def test_each_page_is_less_similar_than_the_one_before(seed: int) -> None:
    means: list[float] = []
    for page in (1, 2, 3):
        below = means[-1] if means else None
        made = found(seed=seed, page=page, distance=distance_of(page), below=below)
        means.append(float(np.mean(similarities(made))))

    assert (np.diff(means) < 0).all()


def test_the_same_seed_gives_the_same_page_and_another_seed_another() -> None:
    first, again, other = (found(seed=seed) for seed in (1, 1, 2))

    assert [f.image.tobytes() for f in first.faces] == [f.image.tobytes() for f in again.faces]
    assert {f.image.tobytes() for f in first.faces}.isdisjoint({f.image.tobytes() for f in other.faces})


def test_faces_that_are_not_real_enough_are_not_shown() -> None:
    page = found(MadeUpMaker(logit=lambda w: float(w[0] > SUSPECT[0]) - 0.95))

    assert all(face.realism is not None and face.realism >= BAND.least_realism for face in page.faces)
    assert page.rejected[Reason.UNREAL] > 0


def test_faces_that_differ_in_a_locked_attribute_are_not_shown() -> None:
    page = found(MadeUpMaker(beard=lambda w: w[0] > SUSPECT[0]), locks=Locks({"beard": "yes"}))

    assert len(page.faces) == 12
    assert all(face.description is not None and face.description["beard"]["value"] for face in page.faces)
    assert page.rejected[Reason.ATTRIBUTE] > 0


def test_where_too_few_pass_fewer_are_shown_and_it_is_said_why() -> None:
    page = found(MadeUpMaker(beard=lambda w: w[0] > 2.2 * SUSPECT[0]), locks=Locks({"beard": "yes"}))

    assert 0 < len(page.faces) < 12
    assert page.drawn == 60 + (ROUNDS - 1) * 24
    assert len(page.faces) + sum(page.rejected.values()) == page.drawn
    assert page.rejected[Reason.ATTRIBUTE] > 0


def test_where_few_faces_are_missing_few_more_candidates_are_drawn() -> None:
    bearded = MadeUpMaker(beard=lambda w: w[0] > 1.6 * SUSPECT[0])

    page = found(bearded, locks=Locks({"beard": "yes"}), seed=4)

    assert len(page.faces) == 12
    assert page.drawn == 60 + 24


@pytest.mark.parametrize(("patience", "rounds"), [(0, 1), (2, 3), (None, ROUNDS - 1)])
def test_a_search_that_finds_nobody_new_ends_when_patience_does(patience: int | None, rounds: int) -> None:
    page = found(MadeUpMaker(beard=lambda w: False), locks=Locks({"beard": "yes"}), patience=patience)

    assert page.drawn == 60 + rounds * 24


def test_who_differs_in_a_locked_attribute_is_not_judged_by_how_real_it_is() -> None:
    maker = MadeUpMaker(beard=lambda w: False)

    page = found(maker, locks=Locks({"beard": "yes"}))

    assert page.rejected[Reason.ATTRIBUTE] > 0
    assert maker.judged == 0


def test_a_ball_of_clones_grows_until_they_are_different_people() -> None:
    page = found(measured=band(first_radius=0.45))

    assert len(page.faces) == 12
    assert page.drawn > 60


def test_without_a_band_the_most_alike_are_shown_and_realism_is_unknown() -> None:
    maker = MadeUpMaker()
    page = found(maker, measured=None)

    assert len(page.faces) == 12
    assert page.limits is None
    assert page.drawn == 60
    assert maker.judged == 0
    assert {face.realism for face in page.faces} == {None}


def test_what_is_predicted_of_a_face_comes_with_it() -> None:
    maker = MadeUpMaker()

    assert all(face.description is not None for face in found(maker).faces)
    assert maker.described == 12


def test_progress_only_grows_and_ends_at_one() -> None:
    told: list[float] = []
    found(MadeUpMaker(beard=lambda w: False), locks=Locks({"beard": "yes"}), step=told.append)

    assert told == sorted(told)
    assert told[-1] == 1.0


def test_pages_begin_at_the_suspect_and_go_away_from_him() -> None:
    distances = [distance_of(page) for page in range(1, 50)]

    assert distances[0] == 0.0
    assert distances == sorted(set(distances))
    assert distances[-1] < 1.0
    with pytest.raises(ValueError, match="counted from 1"):
        distance_of(0)
