"""What may be asked of the faces of a page, and what a page says of it."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from lineups.models import Face, Lineup, Page
from lineups.services import pages, workers
from lineups.shortfalls import Shortfall, sentence
from tests.lineups.conftest import new_face, take
from tests.lineups.requests import address, ask, refusal


def test_what_is_asked_of_the_faces_goes_into_the_job_and_onto_the_page(
    api: APIClient, draft: Lineup, suspect: Face, ready_worker: None
) -> None:
    wishes: dict[str, Any] = {
        "locks": {"sex": "same", "beard": "no"},
        "distance": 0.25,
        "adjust": {"age": 1.5},
    }

    assert ask(api, draft, kind="generate", face=suspect.pk, **wishes).status_code == 202
    job = draft.jobs.get(kind="generate")
    pages.keep(take(job), [new_face(1)], timings={})

    assert {name: job.request[name] for name in wishes} == wishes
    assert api.get(address(draft)).json()["pages"][0]["wishes"] == wishes


def test_who_asks_for_nothing_gets_the_request_as_it_always_was(
    api: APIClient, draft: Lineup, suspect: Face, ready_worker: None
) -> None:
    ask(api, draft, kind="generate", face=suspect.pk, locks={}, adjust={"age": 0.0})

    assert set(draft.jobs.get(kind="generate").request) == {"face", "similarity_page", "seed"}


@pytest.mark.parametrize(
    ("wishes", "field", "sentence"),
    [
        (
            {"locks": {"eyes": "blue"}}, "locks",
            "The attribute 'eyes' cannot be locked. Choose among sex, beard.",
        ),
        (
            {"locks": {"sex": "unknown"}}, "locks",
            "sex cannot be 'unknown'. Choose among same, male, female.",
        ),
        (
            {"adjust": {"weight": 1}}, "adjust",
            "A face cannot be changed in 'weight'. Choose among age.",
        ),
    ],
)  # fmt: skip
def test_a_wish_that_the_model_cannot_fulfil_is_refused_with_what_it_can(
    api: APIClient,
    draft: Lineup,
    suspect: Face,
    ready_worker: None,
    wishes: dict[str, Any],
    field: str,
    sentence: str,
) -> None:
    response = ask(api, draft, kind="generate", face=suspect.pk, **wishes)

    assert refusal(response) == (400, "invalid")
    assert response.json()["fields"] == {field: [sentence]}
    assert not draft.jobs.filter(kind="generate").exists()


def test_a_model_that_predicts_nothing_says_so(api: APIClient, draft: Lineup, suspect: Face) -> None:
    workers.report("interactive@test", queues=["interactive"], ready=True)

    locked = ask(api, draft, kind="generate", face=suspect.pk, locks={"sex": "male"})
    moved = ask(api, draft, kind="generate", face=suspect.pk, adjust={"age": 1})

    assert "predicts no attributes" in locked.json()["detail"]
    assert "knows no directions" in moved.json()["detail"]


def test_a_page_with_fewer_faces_than_asked_for_says_so_and_why(
    api: APIClient, draft: Lineup, suspect: Face, ready_worker: None, officer: User
) -> None:
    job = pages.generate(draft, face=suspect.pk, by=officer)
    rejected = {"attribute mismatch": 40, "clone": 12, "unreal": 0}

    page = pages.keep(
        take(job), [new_face(1)], shortfall={"asked": 12, "found": 1, "rejected": rejected}, timings={}
    )

    assert api.get(f"/api/v1/pages/{page.pk}/").json()["note"] == (
        "Only 1 of 12 faces were found: of the others 40 were without the locked attributes, "
        "12 were too like the suspect. Ask for fewer attributes, or for the next page."
    )


def test_a_page_may_turn_out_empty_and_says_why(
    api: APIClient, draft: Lineup, suspect: Face, ready_worker: None, officer: User
) -> None:
    job = pages.generate(draft, face=suspect.pk, by=officer)

    page = pages.keep(
        take(job), [], shortfall={"asked": 12, "found": 0, "rejected": {"stranger": 60}}, timings={}
    )

    shown = api.get(f"/api/v1/pages/{page.pk}/").json()
    assert (shown["faces"], shown["mean_similarity"]) == ([], None)
    assert shown["note"].startswith("Only 0 of 12 faces were found: of the others 60 were too unlike")


def test_a_page_that_is_short_says_which_wish_costs_most() -> None:
    lacking: Shortfall = {
        "asked": 12,
        "found": 2,
        "rejected": {},
        "without": {"sex": 2, "hair": 41, "glasses": 7, "beard": 5, "age_group": 0},
    }

    assert sentence(lacking) == (
        "Only 2 of 12 faces were found. Asked for less, there would be more to choose from: "
        "41 without the colour of the hair, 7 without the glasses, 5 without the beard."
    )


def test_a_full_page_has_nothing_to_explain(api: APIClient, page: Page) -> None:
    assert api.get(f"/api/v1/pages/{page.pk}/").json()["note"] is None
    assert sentence(None) is None


def test_a_reason_that_nobody_has_words_for_is_shown_as_it_is() -> None:
    said = sentence({"asked": 12, "found": 11, "rejected": {"out of focus": 3}})

    assert said is not None
    assert "3 were out of focus" in said


def test_how_real_a_face_looks_is_told_with_it(
    api: APIClient, page: Page, suspect: Face, make_page: Callable[..., Page]
) -> None:
    (shown, *_) = api.get(f"/api/v1/pages/{page.pk}/").json()["faces"]

    assert shown["realism"] == 0.8
    assert api.get(f"/api/v1/faces/{suspect.pk}/").json()["realism"] is None
