"""Every act leaves its event in the audit trail, with who did it; an act that fails leaves none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.audit.models import AuditEvent
from accounts.audit.verification import verify
from accounts.models import User
from lineups import actions, png
from lineups.models import Face, Job, Lineup, Page, Slot
from lineups.requests import Generate
from lineups.services import (
    exports,
    faces,
    jobs,
    leases,
    lineups,
    members,
    pages,
    photos,
    reaper,
    refinements,
)
from lineups.services.leases import Lease
from tests.lineups.conftest import new_face, new_refinement, photograph, picture, take

Act = Callable[[pytest.FixtureRequest, APIClient], Any]


def lineup_of(request: pytest.FixtureRequest, name: str = "draft") -> str:
    return f"/api/v1/lineups/{request.getfixturevalue(name).pk}/"


def upload(request: pytest.FixtureRequest, client: APIClient, content: bytes) -> Any:
    file = SimpleUploadedFile("suspect.png", content, "image/png")
    return client.post(lineup_of(request) + "photos/", {"file": file, "slot": 1}, format="multipart")


def generate(request: pytest.FixtureRequest, client: APIClient, **more: Any) -> Any:
    request.getfixturevalue("ready_worker")
    face = request.getfixturevalue("suspect")
    data = {"kind": "generate", "face": str(face.pk), **more}
    return client.post(lineup_of(request) + "jobs/", data, format="json")


def interpolate(request: pytest.FixtureRequest, client: APIClient) -> Any:
    page: Page = request.getfixturevalue("page")
    ends = [str(face.pk) for face in page.faces.all()[:2]]
    data = {"kind": "interpolate", "faces": ends}
    return client.post(lineup_of(request) + "jobs/", data, format="json")


def select(request: pytest.FixtureRequest, client: APIClient) -> Any:
    face = request.getfixturevalue("page").faces.first()
    return client.post(lineup_of(request) + "members/", {"face": str(face.pk)}, format="json")


def deselect(request: pytest.FixtureRequest, client: APIClient) -> Any:
    member = request.getfixturevalue("complete").members.last()
    return client.delete(f"/api/v1/members/{member.pk}/")


def drop_photo(request: pytest.FixtureRequest, client: APIClient) -> Any:
    photo = request.getfixturevalue("complete").photos.get()
    return client.delete(f"/api/v1/photos/{photo.pk}/")


def cancel(request: pytest.FixtureRequest, client: APIClient) -> Any:
    waiting = generate(request, client).json()["id"]
    return client.post(f"/api/v1/jobs/{waiting}/cancel/")


def cancel_running(request: pytest.FixtureRequest, client: APIClient) -> Any:
    running = generate(request, client).json()["id"]
    take(Job.objects.get(pk=running))
    return client.post(f"/api/v1/jobs/{running}/cancel/")


def refine(request: pytest.FixtureRequest, client: APIClient) -> Any:
    request.getfixturevalue("ready_refiner")
    face = request.getfixturevalue("suspect")
    data = {"kind": "refine", "faces": [str(face.pk)], "seconds": 60}
    return client.post(lineup_of(request) + "jobs/", data, format="json")


def end_early(request: pytest.FixtureRequest, client: APIClient) -> Any:
    refining = request.getfixturevalue("refining")
    take(refining)
    return client.post(f"/api/v1/jobs/{refining.pk}/stop/")


def open_page(request: pytest.FixtureRequest, client: APIClient) -> Any:
    return client.get(f"/api/v1/pages/{request.getfixturevalue('page').pk}/")


def open_export(request: pytest.FixtureRequest, client: APIClient) -> Any:
    return client.get(f"/api/v1/exports/{request.getfixturevalue('saved').export.pk}/image/")


NEW = {"case_reference": "KRPA-3/2026", "title": "Theft"}

ACTS_OF_AN_OFFICER: dict[str, tuple[str, Act]] = {
    "creates a lineup": (
        "lineup.created", lambda _, client: client.post("/api/v1/lineups/", NEW, format="json"),
    ),
    "opens a lineup": ("lineup.opened", lambda request, client: client.get(lineup_of(request))),
    "corrects the title": (
        "lineup.changed",
        lambda request, client: client.patch(lineup_of(request), {"title": "Theft"}, format="json"),
    ),
    "uploads a photograph": (
        "photo.uploaded", lambda request, client: upload(request, client, png.encode(picture(5, 96))),
    ),
    "uploads what is no photograph": (
        "photo.refused", lambda request, client: upload(request, client, b"GIF89a, or not"),
    ),
    "has a photograph examined for another source": (
        "photo.uploaded",
        lambda request, client: client.post(
            f"/api/v1/photos/{request.getfixturevalue('suspect').photo_id}/again/", {"source": "gallery"}
        ),
    ),
    "removes a photograph": ("photo.removed", drop_photo),
    "presses Generate": ("job.submitted", generate),
    "turns to a page that is not there yet": (
        "job.submitted", lambda request, client: generate(request, client, similarity_page=2),
    ),
    "interpolates": ("job.submitted", interpolate),
    "refines": ("job.submitted", refine),
    "ends a refinement early": ("job.stop_requested", end_early),
    "turns to a page": ("page.opened", open_page),
    "cancels a waiting job": ("job.cancelled", cancel),
    "cancels a running job": ("job.cancel_requested", cancel_running),
    "says what the person looks like": (
        "finding.stated",
        lambda request, client: (
            request.getfixturevalue("ready_worker"),
            client.post(
                f"/api/v1/faces/{request.getfixturevalue('suspect').pk}/statements/",
                {"name": "sex", "value": "male"}, format="json",
            ),
        )[1],
    ),
    "selects a face": ("member.added", select),
    "removes a member": ("member.removed", deselect),
    "saves the lineup": (
        "lineup.saved", lambda request, client: client.post(lineup_of(request, "complete") + "save/"),
    ),
    "opens the saved lineup": ("export.opened", open_export),
}  # fmt: skip


@pytest.mark.parametrize(("action", "act"), ACTS_OF_AN_OFFICER.values(), ids=list(ACTS_OF_AN_OFFICER))
def test_what_an_officer_does_is_recorded_under_the_officers_name(
    action: str,
    act: Act,
    request: pytest.FixtureRequest,
    officer: User,
    api_as: Callable[[User], APIClient],
) -> None:
    act(request, api_as(officer))

    event = AuditEvent.objects.filter(action=action).order_by("-seq").first()
    assert event is not None
    assert (event.actor, event.actor_name, event.actor_role) == (officer, "olga", "officer")
    assert event.ip == "127.0.0.1"
    assert event.request_id is not None
    assert verify().seq == AuditEvent.objects.count()


def kept(job: Job) -> None:
    pages.keep(take(job), [new_face(1)], timings={})


def failed(job: Job) -> None:
    leases.fail(take(job), code="x", reason="X.", timings={})


def stopped(job: Job) -> None:
    leases.cancel(take(job), timings={})


def died(job: Job) -> None:
    take(job)
    reaper.reap(timezone.now() + timedelta(minutes=1))


ACTS_OF_A_WORKER: dict[str, tuple[list[str], Callable[[Job], object]]] = {
    "starts": (["job.started"], take),
    "makes a page": (["job.started", "job.succeeded", "page.made"], kept),
    "fails": (["job.started", "job.failed"], failed),
    "stops": (["job.started", "job.cancelled"], stopped),
    "dies": (["job.started", "job.lost"], died),
}


@pytest.mark.parametrize(("expected", "act"), ACTS_OF_A_WORKER.values(), ids=list(ACTS_OF_A_WORKER))
def test_what_a_worker_does_is_recorded_as_the_systems_with_the_officer_who_asked(
    expected: list[str],
    act: Callable[[Job], object],
    draft: Lineup,
    suspect: Face,
    ready_worker: None,
    officer: User,
) -> None:
    job = pages.generate(draft, face=suspect.pk, by=officer)
    last = AuditEvent.objects.order_by("-seq")[0].seq

    act(job)

    events = list(AuditEvent.objects.filter(seq__gt=last).order_by("seq"))
    assert [event.action for event in events] == expected
    assert {event.actor for event in events} == {None}
    assert {event.data["requested_by"] for event in events} == {"olga"}
    assert verify().seq == AuditEvent.objects.count()


def test_finding_the_suspects_face_is_recorded_with_the_picture_and_the_member(
    draft: Lineup, suspect: Face
) -> None:
    examined = AuditEvent.objects.get(action="photo.examined")
    added = AuditEvent.objects.get(action="member.added")

    assert examined.data["sha256"] == added.data["sha256"] == suspect.sha256
    assert added.data["role"] == "suspect"


def test_a_made_page_is_recorded_with_the_model_and_every_picture(page: Page) -> None:
    event = AuditEvent.objects.get(action="page.made")

    assert event.data["bundle"] == page.faces.all()[0].recipe["bundle"]
    assert event.data["faces"] == {str(face.pk): face.sha256 for face in page.faces.all()}


def test_a_refinement_is_recorded_with_its_file_and_the_photographs_that_it_is_of(
    refining: Job, suspect: Face
) -> None:
    last = AuditEvent.objects.order_by("-seq")[0].seq
    new = new_refinement(suspect)

    page = refinements.keep(take(refining), new, [new_face(1, refinement=new.digest)], timings={})

    events = AuditEvent.objects.filter(seq__gt=last).order_by("seq")
    told = ["job.started", "job.succeeded", "page.made", "refinement.kept"]
    assert [event.action for event in events] == told
    made, kept = events[2:]
    assert made.data["refinements"] == [new.digest]
    assert kept.data["sha256"] == new.digest
    assert kept.data["photos"] == [str(suspect.photo_id)]
    assert kept.data["crops"] == [suspect.sha256]
    assert (kept.data["page"], kept.data["requested_by"]) == (str(page.pk), "olga")
    assert verify().seq == AuditEvent.objects.count()


@pytest.mark.parametrize(("same", "outcome"), [(True, "ok"), (False, "error")])
def test_making_a_face_again_is_recorded_with_how_it_compared_and_who_had_the_shell(
    page: Page, same: bool, outcome: str
) -> None:
    face = page.faces.all()[0]

    faces.regenerated(face, verdict="as it may be", same=same, operator="root")

    event = AuditEvent.objects.get(action="face.regenerated")
    assert (event.object_id, event.outcome, event.actor) == (str(face.pk), outcome, None)
    assert (event.data["verdict"], event.data["operator"]) == ("as it may be", "root")


def test_a_saved_lineup_is_recorded_with_everything_that_draws_its_order_again(saved: Lineup) -> None:
    event = AuditEvent.objects.get(action="lineup.saved")

    assert event.data["order"] == saved.export.order
    assert event.data["suspect_position"] == saved.export.suspect_position
    assert int(event.data["seed"]) == saved.export.seed
    assert event.data["sha256"] == saved.export.sha256


@contextmanager
def trail_that_takes_nothing() -> Iterator[None]:
    """A database that refuses every new row of the trail."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER full BEFORE INSERT ON audit_auditevent BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER full")


WRITES: dict[str, Callable[[pytest.FixtureRequest, User], object]] = {
    "create": lambda _, by: lineups.create(**NEW, by=by),
    "change": lambda request, by: lineups.change(request.getfixturevalue("draft"), title="Theft", by=by),
    "upload": lambda request, by: photos.add(
        request.getfixturevalue("draft"), photograph(3), slot=Slot.SUSPECT, by=by
    ),
    "remove photo": lambda request, by: photos.remove(
        request.getfixturevalue("complete").photos.get(), by=by
    ),
    "select": lambda request, by: members.add(
        request.getfixturevalue("draft"), request.getfixturevalue("page").faces.all()[2], by=by
    ),
    "remove": lambda request, by: members.remove(request.getfixturevalue("complete").members.last(), by=by),
    "keep a page": lambda request, by: pages.keep(
        Lease(request.getfixturevalue("running").pk, request.getfixturevalue("running").attempt),
        [new_face(1)],
        timings={},
    ),
    "keep a refinement": lambda request, by: refinements.keep(
        Lease(request.getfixturevalue("refining").pk, request.getfixturevalue("refining").attempt),
        new_refinement(request.getfixturevalue("suspect")),
        [new_face(1)],
        timings={},
    ),
    "end early": lambda request, by: jobs.request_stop(request.getfixturevalue("refining"), by=by),
    "save": lambda request, by: exports.save(request.getfixturevalue("complete"), by=by),
    "submit": lambda request, by: jobs.submit(
        request.getfixturevalue("draft"), Generate(uuid4(), similarity_page=1, seed=1), by=by
    ),
}  # fmt: skip


@pytest.fixture
def running(draft: Lineup, suspect: Face, ready_worker: None, officer: User) -> Job:
    """A job that a worker is doing."""
    job = pages.generate(draft, face=suspect.pk, by=officer)
    take(job)
    return job


@pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))
def test_what_cannot_be_recorded_does_not_happen(
    write: Callable[[pytest.FixtureRequest, User], object],
    request: pytest.FixtureRequest,
    officer: User,
    complete: Lineup,
    settings: Any,
) -> None:
    def rows() -> list[Any]:
        own = (complete.photos, complete.members, complete.jobs, complete.refinements)
        tables = (Lineup.objects.all(), *(table.all() for table in own))
        return [sorted(map(str, table.values_list())) for table in tables]

    if write is WRITES["keep a page"]:
        request.getfixturevalue("running")
    if write in {WRITES["keep a refinement"], WRITES["end early"]}:
        take(request.getfixturevalue("refining"))
    folder = settings.STORAGES["default"]["OPTIONS"]["location"]
    before, files = rows(), set(folder.rglob("*.*"))

    with trail_that_takes_nothing(), pytest.raises(DatabaseError):
        write(request, officer)

    assert rows() == before
    assert set(folder.rglob("*.*")) == files


def test_every_action_of_the_domain_is_one_that_some_test_provokes() -> None:
    registered = {
        action.name for name, action in vars(actions).items() if name.isupper() and name != "ACCESS_DENIED"
    }
    provoked = {action for action, _ in ACTS_OF_AN_OFFICER.values()}
    provoked |= {action for expected, _ in ACTS_OF_A_WORKER.values() for action in expected}

    elsewhere = {
        "photo.examined",
        "refinement.kept",
        "face.regenerated",
        "media.cleaned",
        "lineup.prepared",  # tests/lineups/test_preparing.py
    }
    assert registered == provoked | elsewhere
