"""What the API answers to whoever wants faces."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from lineups.models import Face, Lineup, Page, Slot
from lineups.services import lineups, photos, workers
from tests.lineups.conftest import BUNDLE, photograph
from tests.lineups.requests import ask, refusal


def test_generate_answers_with_the_waiting_job(
    api: APIClient, draft: Lineup, suspect: Face, ready_worker: None
) -> None:
    response = ask(api, draft, kind="generate", face=suspect.pk, seed=5)

    job = response.json()
    assert response.status_code == 202
    assert set(job) == {
        "id", "lineup", "kind", "state", "sequence", "progress", "stage", "reason", "reason_code", "created",
        "started", "finished", "page", "photo", "cancel_requested", "queue_position", "timings",
        "stop_requested", "preview", "seconds",
    }  # fmt: skip
    assert (job["state"], job["queue_position"], job["page"]) == ("queued", 1, None)
    assert api.get(f"/api/v1/jobs/{job['id']}/").json() == job


def test_two_inputs_are_interpolated(api: APIClient, draft: Lineup, page: Page) -> None:
    ends = [str(face.pk) for face in page.faces.order_by("position")[:2]]

    assert ask(api, draft, kind="interpolate", faces=ends).status_code == 202
    assert draft.jobs.get(kind="interpolate").request == {"faces": ends, "steps": 12}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": "refuse"},
        {"kind": "generate"},
        {"kind": "generate", "face": "no uuid"},
        {"kind": "generate", "face": str(uuid4())},
        {"kind": "generate", "face": str(uuid4()), "similarity_page": 0},
        {"kind": "generate", "face": str(uuid4()), "seed": -1},
        {"kind": "interpolate", "faces": [str(uuid4())]},
        {"kind": "interpolate", "faces": [str(uuid4())] * 2},
        {"kind": "interpolate", "faces": [str(uuid4()), str(uuid4())], "steps": 25},
        {"kind": "generate", "face": str(uuid4()), "distance": 1.1},
        {"kind": "generate", "face": str(uuid4()), "adjust": {"age": 3.1}},
        {"kind": "generate", "face": str(uuid4()), "locks": ["sex"]},
        {"kind": "refine", "seconds": 60},
        {"kind": "refine", "faces": [], "seconds": 60},
        {"kind": "refine", "faces": [str(uuid4())]},
        {"kind": "refine", "faces": [str(uuid4())] * 3, "seconds": 60},
    ],
)
def test_a_request_that_makes_no_sense_starts_nothing(
    api: APIClient, draft: Lineup, ready_worker: None, data: dict[str, Any]
) -> None:
    assert refusal(ask(api, draft, **data)) == (400, "invalid")
    assert not draft.jobs.exists()


def test_the_reason_why_nothing_can_be_generated_is_told(
    api: APIClient, draft: Lineup, suspect: Face
) -> None:
    response = ask(api, draft, kind="generate", face=suspect.pk)
    status = api.get("/api/v1/status/").json()

    assert refusal(response) == (409, "no_worker_ready")
    assert (status["ready"], status["reason"]) == (False, response.json()["detail"])

    workers.report("interactive@test", queues=["interactive"], ready=False, detail="The bundle is damaged.")
    assert api.get("/api/v1/status/").json()["reason"] == "The bundle is damaged."
    workers.report("refine@test", queues=["refine"], ready=True)
    assert api.get("/api/v1/status/").json()["ready"] is False
    workers.report("interactive@test", queues=["interactive"], ready=True, bundle=BUNDLE)
    assert api.get("/api/v1/status/").json()["ready"] is True
    assert ask(api, draft, kind="generate", face=suspect.pk).status_code == 202


def test_a_second_page_is_refused_while_the_first_is_being_made(
    api: APIClient, draft: Lineup, suspect: Face, ready_worker: None
) -> None:
    ask(api, draft, kind="generate", face=suspect.pk)

    assert refusal(ask(api, draft, kind="generate", face=suspect.pk)) == (409, "job_running")


def test_a_photograph_without_a_face_cannot_be_started_from(
    api: APIClient, draft: Lineup, ready_worker: None, officer: User
) -> None:
    photo, _ = photos.add(draft, photograph(1), slot=Slot.SUSPECT, by=officer)

    assert refusal(ask(api, draft, kind="generate", face=photo.pk)) == (409, "photo_not_examined")


def test_the_queue_tells_each_job_its_place(
    api: APIClient, officer: User, examine: Callable[..., Any], ready_worker: None
) -> None:
    places = []
    for number in range(3):
        lineup = lineups.create(case_reference=f"K-{number}", title="Theft", by=officer)
        face = examine(lineup, seed=number).face
        places.append(ask(api, lineup, kind="generate", face=face.pk).json()["queue_position"])

    assert places == [1, 2, 3]


def test_asking_too_often_is_refused_until_later(
    api: APIClient, draft: Lineup, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lineups.api.throttles import JobThrottle

    monkeypatch.setattr(JobThrottle, "rate", "1/min")
    ask(api, draft, kind="generate")
    response = ask(api, draft, kind="generate")

    assert refusal(response) == (429, "throttled")
    assert int(response["Retry-After"]) > 0
