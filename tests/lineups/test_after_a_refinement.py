"""The page after a refined one: it goes on with the same draw, less alike than the faces drawn before."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from lineups.constraints import FaceConstraints
from lineups.models import Face, Lineup, Page, Photo, Slot
from lineups.services import pages, refinements
from tests.lineups.conftest import new_face, new_refinement, take

SIMILARITIES = (0.95, 0.8, 0.7)
Refined = Callable[..., Page]


@pytest.fixture
def second(draft: Lineup, examine: Callable[..., Photo]) -> Face:
    """The face of a second photograph."""
    return examine(draft, slot=Slot.SECOND, seed=2).face


@pytest.fixture
def refine(draft: Lineup, suspect: Face, ready_worker: None, ready_refiner: None, officer: User) -> Refined:
    """Makes a refined page of a reconstruction and two more faces."""

    def make(*faces: Face, **how: Any) -> Page:
        crops = faces or (suspect,)
        asked = [face.pk for face in crops]
        job = refinements.refine(draft, faces=asked, seconds=60, by=officer, **how)
        new = new_refinement(*crops)
        made = [
            new_face(seed, similarity, refinement=new.digest) for seed, similarity in enumerate(SIMILARITIES)
        ]
        return refinements.keep(take(job), new, made, timings={})

    return make


@pytest.fixture
def turn(draft: Lineup, officer: User) -> Callable[..., dict[str, Any]]:
    """What is asked of the worker when the next page is asked for."""

    def ask(face: Face, similarity_page: int = 2, **how: Any) -> dict[str, Any]:
        asked = pages.generate(draft, face=face.pk, similarity_page=similarity_page, by=officer, **how)
        request: dict[str, Any] = asked.request
        return request

    return ask


Turn = Callable[..., dict[str, Any]]


def face(page: Page, position: int = 1) -> Face:
    return page.faces.get(position=position)


def test_it_goes_on_with_the_draw_and_stays_below_all_faces_but_the_reconstruction(
    refine: Refined, turn: Turn
) -> None:
    page = refine()

    request = turn(face(page))

    assert request["seed"] == page.job.request["seed"]
    assert request["below"] == pytest.approx(0.75)


def test_two_photographs_of_one_person_have_one_reconstruction_to_go_on_from(
    refine: Refined, turn: Turn, suspect: Face, second: Face
) -> None:
    page = refine(suspect, second, same_person=True)

    assert turn(face(page))["below"] == pytest.approx(0.75)


def test_of_two_people_nobody_can_say_whose_faces_to_stay_below(
    refine: Refined, turn: Turn, suspect: Face, second: Face
) -> None:
    assert "below" not in turn(face(refine(suspect, second)))


def test_a_page_from_another_face_of_a_refined_page_draws_anew(refine: Refined, turn: Turn) -> None:
    page = refine()

    request = turn(face(page, position=2), seed=page.job.request["seed"])

    assert "below" not in request


def test_a_page_held_to_the_same_attributes_as_the_refined_one_goes_on_with_its_draw(
    refine: Refined, turn: Turn
) -> None:
    page = refine(locks={"sex": "same"})

    assert turn(face(page), constraints=FaceConstraints(locks={"sex": "same"}))["below"] == pytest.approx(
        0.75
    )


@pytest.mark.parametrize(
    "how",
    [
        {"seed": 7},
        {"similarity_page": 3},
        {"constraints": FaceConstraints(distance=0.5)},
        {"constraints": FaceConstraints(locks={"sex": "male"})},
    ],
)
def test_another_draw_a_later_page_or_one_with_wishes_has_no_page_before(
    refine: Refined, turn: Turn, how: dict[str, Any]
) -> None:
    assert "below" not in turn(face(refine()), **how)


def test_faces_like_somebody_else_than_the_suspect_are_no_measure(
    refine: Refined, turn: Turn, second: Face
) -> None:
    assert "below" not in turn(face(refine(second)))


def test_faces_like_a_suspect_whose_photograph_was_replaced_are_no_measure(
    refine: Refined, turn: Turn, draft: Lineup, examine: Callable[..., Photo]
) -> None:
    page = refine()
    examine(draft, seed=3)

    assert "below" not in turn(face(page))
