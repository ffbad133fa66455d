"""What the API answers to the officer's own browser, good and bad."""

import io
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import User
from lineups import png
from lineups.models import Face, Lineup, Page, Slot
from lineups.recipes import unpack
from lineups.services import leases, lineups, members, photos, workers
from lineups.services.exports import shuffled
from tests.lineups.conftest import BUNDLE, photograph, picture, take


@pytest.fixture
def api(officer: User, api_as: Callable[[User], APIClient]) -> APIClient:
    """The officer's browser."""
    return api_as(officer)


def address(lineup: Lineup, what: str = "") -> str:
    return f"/api/v1/lineups/{lineup.pk}/{what}"


def refusal(response: Any) -> tuple[int, str]:
    body = response.json()
    assert body["detail"].endswith("."), "a sentence"
    return response.status_code, body["code"]


def send(api: APIClient, lineup: Lineup, content: bytes, slot: int = 1) -> Any:
    file = SimpleUploadedFile("../../etc/passwd.png", content, "text/html")
    return api.post(address(lineup, "photos/"), {"file": file, "slot": slot}, format="multipart")


# Lineups --------------------------------------------------------------------------------------------------


def test_the_document_of_the_api_is_complete_and_without_warnings(tmp_path: Any) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "api.yaml"))

    assert "operationId: jobs_create" in (tmp_path / "api.yaml").read_text()


def test_the_page_that_shows_the_document_runs_under_the_sites_own_policy(
    officer: User, browser_as: Callable[[User], Any]
) -> None:
    response = browser_as(officer).get("/api/v1/docs/")

    assert b"<style" not in response.content
    assert not re.search(rb"<script(?![^>]*\bsrc=)", response.content)
    assert b"://" not in response.content, "everything comes from this site"


def test_a_new_lineup_is_a_draft_of_the_officer_and_the_unit(api: APIClient, officer: User) -> None:
    response = api.post("/api/v1/lineups/", {"case_reference": " K-1 ", "title": "Theft"}, format="json")

    lineup = response.json()
    assert response.status_code == 201
    assert set(lineup) == {
        "id", "case_reference", "title", "state", "owner", "unit", "created", "updated", "saved_at", "can",
        "member_count",
    }  # fmt: skip
    assert (lineup["case_reference"], lineup["state"], lineup["can"]) == ("K-1", "draft", {"edit": True})
    assert lineup["owner"] == {"id": officer.pk, "username": "olga", "full_name": "Olga Novak"}
    assert lineup["unit"]["name"] == "North station"


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({}, {"case_reference", "title"}),
        ({"case_reference": "", "title": "x"}, {"case_reference"}),
        ({"case_reference": "x" * 65, "title": "x" * 201}, {"case_reference", "title"}),
    ],
)
def test_what_is_wrong_with_a_form_is_said_field_by_field(
    api: APIClient, data: dict[str, str], fields: set[str]
) -> None:
    response = api.post("/api/v1/lineups/", data, format="json")

    assert refusal(response) == (400, "invalid")
    assert set(response.json()["fields"]) == fields


@pytest.mark.parametrize("data", [{"title": "x"}, {"title": "x", "case_reference": " "}])
def test_an_empty_field_is_asked_for_plainly(api: APIClient, data: dict[str, str]) -> None:
    response = api.post("/api/v1/lineups/", data, format="json")

    assert response.json()["fields"] == {"case_reference": ["Fill this in."]}


def test_lineups_are_found_by_case_reference_and_title_newest_first(api: APIClient, officer: User) -> None:
    for number in range(3):
        lineups.create(
            case_reference=f"K-{number}", title=f"Case of {'gold' if number else 'tin'}", by=officer
        )

    found = api.get("/api/v1/lineups/", {"search": "GOLD"}).json()

    assert found["count"] == 2
    assert [lineup["case_reference"] for lineup in found["results"]] == ["K-2", "K-1"]
    assert api.get("/api/v1/lineups/", {"search": "k-0"}).json()["count"] == 1


def test_lists_come_in_pages(api: APIClient, officer: User) -> None:
    for number in range(3):
        lineups.create(case_reference=f"K-{number}", title="Theft", by=officer)

    first = api.get("/api/v1/lineups/", {"page_size": 2}).json()

    assert len(first["results"]) == 2
    assert first["previous"] is None
    assert len(api.get(first["next"]).json()["results"]) == 1
    assert refusal(api.get("/api/v1/lineups/", {"page": 99})) == (404, "not_found")


def test_a_reopened_lineup_has_everything_in_it(api: APIClient, saved: Lineup, page: Page) -> None:
    detail = api.get(address(saved)).json()

    assert [photo["slot"] for photo in detail["photos"]] == [1]
    assert detail["photos"][0]["face"]["kind"] == "photo"
    assert [member["role"] for member in detail["members"]] == ["suspect", "filler", "filler"]
    assert [brief["id"] for brief in detail["pages"]] == [str(page.pk)]
    assert {job["kind"] for job in detail["jobs"]} == {"examine", "generate"}
    assert detail["export"]["order"] == saved.export.order
    assert (detail["state"], detail["can"]) == ("saved", {"edit": False})


def test_the_title_and_the_case_reference_can_be_corrected_and_nothing_else(
    api: APIClient, draft: Lineup
) -> None:
    response = api.patch(address(draft), {"title": "Robbery", "state": "saved", "owner": 1}, format="json")

    assert response.status_code == 200
    assert (response.json()["title"], response.json()["state"]) == ("Robbery", "draft")


CHANGES: dict[str, Callable[[APIClient, Lineup], Any]] = {
    "title": lambda api, lineup: api.patch(address(lineup), {"title": "x"}, format="json"),
    "upload": lambda api, lineup: send(api, lineup, png.encode(picture(1))),
    "generate": lambda api, lineup: api.post(
        address(lineup, "jobs/"), {"kind": "generate", "face": lineup.faces.all()[0].pk}, format="json"
    ),
    "select": lambda api, lineup: api.post(
        address(lineup, "members/"), {"face": lineup.faces.all()[0].pk}, format="json"
    ),
    "remove": lambda api, lineup: api.delete(f"/api/v1/members/{lineup.members.all()[0].pk}/"),
    "remove photo": lambda api, lineup: api.delete(f"/api/v1/photos/{lineup.photos.get().pk}/"),
    "save": lambda api, lineup: api.post(address(lineup, "save/")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_saved_lineup_cannot_be_changed_in_any_way(
    change: Callable[[APIClient, Lineup], Any], api: APIClient, saved: Lineup
) -> None:
    assert refusal(change(api, saved)) == (409, "lineup_locked")


# Photographs ----------------------------------------------------------------------------------------------


def test_an_uploaded_photograph_is_kept_under_a_random_name_and_examined(
    api: APIClient, draft: Lineup
) -> None:
    response = send(api, draft, png.encode(picture(1, 96)))

    assert response.status_code == 201
    body = response.json()
    photo = draft.photos.get()
    assert "passwd" not in (photo.file.name or "")
    assert body["photo"] == {
        "id": str(photo.pk), "slot": 1, "width": 96, "height": 96, "sha256": photo.sha256,
        "image": f"/api/v1/photos/{photo.pk}/image/", "face": None, "created": body["photo"]["created"],
    }  # fmt: skip
    assert (body["job"]["kind"], body["job"]["state"]) == ("examine", "queued")
    kept = np.asarray(Image.open(io.BytesIO(api.get(body["photo"]["image"]).content)))
    assert np.array_equal(kept, picture(1, 96))


def animated() -> bytes:
    frames = [Image.fromarray(picture(number)) for number in range(2)]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", (400, "not_an_image")),
        (png.encode(picture(1, 300)), (400, "image_too_large")),
        (animated(), (400, "animated_image")),
        (bytes(200_000), (413, "upload_too_large")),
        (bytes(1_000_000), (413, "upload_too_large")),
    ],
    ids=["svg", "too many pixels", "animated", "too many bytes", "far too many bytes"],
)
def test_what_is_no_usable_photograph_is_refused_with_its_reason(
    api: APIClient, draft: Lineup, settings: Any, content: bytes, expected: tuple[int, str]
) -> None:
    settings.LIGAN_UPLOAD_MAX_BYTES = 150_000
    settings.LIGAN_PHOTO_MAX_PIXELS = 80_000
    if expected[1] == "image_too_large":
        settings.LIGAN_UPLOAD_MAX_BYTES = 10**6

    assert refusal(send(api, draft, content)) == expected
    assert not draft.photos.exists()


def test_a_removed_photograph_is_gone_from_the_disk_with_its_face(
    api: APIClient,
    draft: Lineup,
    suspect: Face,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    folder = settings.STORAGES["default"]["OPTIONS"]["location"]
    assert len(list(folder.rglob("*.png"))) == 2

    with django_capture_on_commit_callbacks(execute=True):
        api.delete(f"/api/v1/photos/{draft.photos.get().pk}/")

    assert list(folder.rglob("*.png")) == []


def test_a_photograph_has_one_of_two_places(api: APIClient, draft: Lineup) -> None:
    assert refusal(send(api, draft, png.encode(picture(1)), slot=3)) == (400, "invalid")


def test_the_newest_photograph_of_a_slot_is_the_one_shown(
    api: APIClient, draft: Lineup, examine: Callable[..., Any]
) -> None:
    examine(draft, seed=1)
    newer = examine(draft, seed=2)

    (shown,) = api.get(address(draft)).json()["photos"]
    assert shown["id"] == str(newer.pk)


def test_why_no_face_was_found_stays_beside_its_photograph_however_much_was_done_since(
    api: APIClient, draft: Lineup, examine: Callable[..., Any], officer: User
) -> None:
    photo, job = photos.add(draft, photograph(1), slot=Slot.SECOND, by=officer)
    leases.fail(take(job), code="no_face", reason="No face was found.", timings={})
    for seed in range(2, 9):
        examine(draft, seed=seed)

    jobs = {job["id"]: job for job in api.get(address(draft)).json()["jobs"]}
    assert len(jobs) == 6
    assert jobs[str(job.pk)]["reason"] == "No face was found."
    assert jobs[str(job.pk)]["photo"] == str(photo.pk)


# Jobs -----------------------------------------------------------------------------------------------------


def ask(api: APIClient, lineup: Lineup, **data: Any) -> Any:
    return api.post(address(lineup, "jobs/"), data, format="json")


def test_generate_answers_with_the_waiting_job(
    api: APIClient, draft: Lineup, suspect: Face, ready_worker: None
) -> None:
    response = ask(api, draft, kind="generate", face=suspect.pk, seed=5)

    job = response.json()
    assert response.status_code == 202
    assert set(job) == {
        "id", "lineup", "kind", "state", "sequence", "progress", "stage", "reason", "reason_code", "created",
        "started", "finished", "page", "photo", "cancel_requested", "queue_position", "timings",
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


# Pages, faces, members, saving ----------------------------------------------------------------------------


def test_a_page_shows_its_faces_and_a_face_its_whole_recipe(api: APIClient, page: Page) -> None:
    shown = api.get(f"/api/v1/pages/{page.pk}/").json()

    assert [face["position"] for face in shown["faces"]] == [1, 2, 3]
    first = shown["faces"][0]
    assert first["recipe_summary"] == {"bundle": BUNDLE, "noise_seed": 100, "refinement": None}
    recipe = api.get(f"/api/v1/faces/{first['id']}/").json()["recipe"]
    latent = np.random.default_rng(100).standard_normal((10, 512)).astype(np.float32)
    assert np.array_equal(unpack(recipe["w_plus"]), latent)
    pixels = np.asarray(Image.open(io.BytesIO(api.get(first["image"]).content)))
    assert np.array_equal(pixels, picture(100))


def test_a_face_of_another_lineup_is_no_member(api: APIClient, page: Page, officer: User) -> None:
    other = lineups.create(case_reference="K-9", title="Theft", by=officer)

    response = api.post(address(other, "members/"), {"face": page.faces.all()[0].pk}, format="json")

    assert refusal(response) == (400, "invalid")


def test_a_lineup_without_suspect_or_without_filler_is_not_saved(
    api: APIClient, draft: Lineup, page: Page, officer: User
) -> None:
    assert refusal(api.post(address(draft, "save/"))) == (409, "no_filler")
    members.add(draft, page.faces.all()[0], by=officer)
    members.remove(draft.members.get(role="suspect"), by=officer)
    assert refusal(api.post(address(draft, "save/"))) == (409, "no_suspect")


def test_a_saved_lineup_is_a_picture_of_its_members_in_the_order_drawn(
    api: APIClient, complete: Lineup
) -> None:
    response = api.post(address(complete, "save/"))

    export = response.json()
    assert response.status_code == 201
    assert set(export) == {"id", "image", "order", "suspect_position", "sha256", "created"}
    suspect = complete.members.get(role="suspect")
    assert export["order"][export["suspect_position"] - 1] == str(suspect.face_id)
    drawn = shuffled(list(complete.members.order_by("position")), complete.export.seed)
    assert [str(member.face_id) for member in drawn] == export["order"]
    with Image.open(io.BytesIO(api.get(export["image"]).content)) as sheet:
        assert sheet.format == "PNG"
        assert sheet.width > 3 * 200


def test_every_order_is_drawn_about_equally_often(complete: Lineup) -> None:
    entrants = list(complete.members.order_by("position"))
    drawn = [tuple(m.position for m in shuffled(entrants, seed)) for seed in range(6000)]

    counts = [drawn.count(order) for order in set(drawn)]
    assert len(counts) == 6
    assert min(counts) > 870, "1000 expected, 4.5 standard deviations off"
    assert max(counts) < 1130


# Cost -----------------------------------------------------------------------------------------------------

# Baselines: a change here is a change of cost that somebody decided on.
QUERIES = {"list": 4, "detail": 10, "page": 4}


def queries(api: APIClient, path: str) -> int:
    api.get(path)  # the first look is recorded, the next ones for a while are not
    with CaptureQueriesContext(connection) as captured:
        assert api.get(path).status_code == 200
    return len(captured)


def test_the_cost_of_a_list_does_not_grow_with_it(api: APIClient, saved: Lineup, officer: User) -> None:
    assert queries(api, "/api/v1/lineups/") == QUERIES["list"]
    for number in range(5):
        lineups.create(case_reference=f"K-{number}", title="Theft", by=officer)
    assert queries(api, "/api/v1/lineups/") == QUERIES["list"]


def test_the_cost_of_a_lineup_does_not_grow_with_what_is_in_it(
    api: APIClient,
    complete: Lineup,
    page: Page,
    suspect: Face,
    make_page: Callable[..., Page],
    officer: User,
) -> None:
    assert queries(api, address(complete)) == QUERIES["detail"]
    more = make_page(complete, suspect, count=6, seed=300)
    for face in more.faces.all():
        members.add(complete, face, by=officer)
    assert queries(api, address(complete)) == QUERIES["detail"]
    assert queries(api, f"/api/v1/pages/{page.pk}/") == QUERIES["page"]
    assert queries(api, f"/api/v1/pages/{more.pk}/") == QUERIES["page"]
