"""Every address of the API and the site, for every kind of person: what they get."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from accounts.audit.models import AuditEvent
from accounts.models import User
from lineups import png
from lineups.models import Export, Face, Job, Lineup, Member, Page, Photo, Refinement
from lineups.services import pages, previews
from tests.lineups.conftest import picture, take

PEOPLE = (
    "anonymous", "colleague", "officer", "supervisor", "other_unit_supervisor", "other_unit_officer", "admin",
)  # fmt: skip

# What is hidden is 404; what is seen but may not be done is 403.
SEE = {"anonymous": 401, "colleague": 404, "officer": 200, "supervisor": 200, "other_unit_supervisor": 404,
           "other_unit_officer": 404, "admin": 404}  # fmt: skip
EVERYBODY = {**dict.fromkeys(PEOPLE, 200), "anonymous": 401}


def change(done: int) -> dict[str, int]:
    """Only the officer who made it; the supervisor of the unit sees it but may not."""
    return {**SEE, "officer": done, "supervisor": 403}


TABLE: list[tuple[str, str, dict[str, int]]] = [
    ("GET", "me/", EVERYBODY),
    ("GET", "status/", EVERYBODY),
    ("GET", "schema/", EVERYBODY),
    ("GET", "docs/", EVERYBODY),
    ("GET", "lineups/", EVERYBODY),
    ("POST", "lineups/", {"anonymous": 401, "colleague": 201, "officer": 201, "supervisor": 403,
                          "other_unit_supervisor": 403, "other_unit_officer": 201, "admin": 403}),
    ("GET", "lineups/{lineup}/", SEE),
    ("PATCH", "lineups/{lineup}/", change(200)),
    ("POST", "lineups/{lineup}/photos/", change(201)),
    ("POST", "lineups/{lineup}/jobs/", change(202)),
    ("POST", "lineups/{lineup}/members/", change(201)),
    ("POST", "lineups/{lineup}/save/", change(201)),
    ("DELETE", "photos/{photo}/", change(204)),
    ("POST", "photos/{photo}/again/", change(201)),
    ("GET", "photos/{photo}/image/", SEE),
    ("GET", "faces/{face}/", SEE),
    ("POST", "faces/{shown}/statements/", change(200)),
    ("GET", "faces/{face}/image/", SEE),
    ("GET", "jobs/{job}/", SEE),
    ("POST", "jobs/{waiting}/cancel/", change(202)),
    ("POST", "jobs/{refining}/stop/", change(202)),
    ("GET", "jobs/{refining}/preview/", SEE),
    ("GET", "pages/{page}/", SEE),
    ("DELETE", "members/{member}/", change(204)),
    ("GET", "exports/{export}/image/", SEE),
    ("GET", "exports/{export}/document/", SEE),
]  # fmt: skip

PAGES: list[tuple[str, dict[str, int]]] = [
    ("/", {**dict.fromkeys(PEOPLE, 200), "anonymous": 302}),
    ("/lineups/{lineup}/", {**SEE, "anonymous": 302}),
]


@pytest.fixture
def things(complete: Lineup, page: Page) -> dict[str, Any]:
    """One of everything, in one lineup of the officer."""
    return {
        "lineup": complete.pk,
        "shown": complete.photos.get().face.pk,
        "photo": complete.photos.get().pk,
        "face": page.faces.order_by("position")[2].pk,
        "job": page.job_id,
        "page": page.pk,
        "member": complete.members.order_by("position")[2].pk,
    }


def body(method: str, address: str, things: dict[str, Any]) -> dict[str, Any]:
    """What an honest client would send."""
    last = address.rstrip("/").rsplit("/", 1)[-1]
    match last if method in {"POST", "PATCH"} else "":
        case "lineups" | "{lineup}":
            return {"data": {"case_reference": "KRPA-2/2026", "title": "Robbery"}, "format": "json"}
        case "photos":
            file = SimpleUploadedFile("suspect.png", png.encode(picture(9, 96)), "image/png")
            return {"data": {"file": file, "slot": 1}, "format": "multipart"}
        case "jobs":
            return {"data": {"kind": "generate", "face": str(things["face"])}, "format": "json"}
        case "again" | "statements" as what:
            data = {"source": "gallery"} if what == "again" else {"name": "sex", "value": "female"}
            return {"data": data, "format": "json"}
        case "members":
            return {"data": {"face": str(things["face"])}, "format": "json"}
    return {}


def client_of(who: str, request: pytest.FixtureRequest) -> APIClient:
    if who == "anonymous":
        return APIClient()
    client: APIClient = request.getfixturevalue("api_as")(request.getfixturevalue(who))
    return client


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(("method", "address", "expected"), TABLE, ids=[f"{m} {a}" for m, a, _ in TABLE])
def test_the_api_gives_each_person_exactly_what_is_theirs(
    method: str,
    address: str,
    expected: dict[str, int],
    who: str,
    things: dict[str, Any],
    request: pytest.FixtureRequest,
) -> None:
    if "{export}" in address:
        things["export"] = request.getfixturevalue("saved").export.pk
    if "{waiting}" in address:
        officer = request.getfixturevalue("officer")
        lineup = Lineup.objects.get(pk=things["lineup"])
        things["waiting"] = pages.generate(lineup, face=things["face"], by=officer).pk

    if "{refining}" in address:
        refining = request.getfixturevalue("refining")
        previews.show(take(refining), png.encode(picture(8)))
        things["refining"] = refining.pk

    client = client_of(who, request)
    path = "/api/v1/" + address.format(**things)
    response = client.generic(method, path) if method == "GET" else getattr(client, method.lower())(
        path, **body(method, address, things)
    )  # fmt: skip

    assert response.status_code == expected[who], response.content[:300]


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(("address", "expected"), PAGES, ids=[address for address, _ in PAGES])
def test_the_pages_open_for_each_person_exactly_as_the_api_does(
    address: str,
    expected: dict[str, int],
    who: str,
    things: dict[str, Any],
    request: pytest.FixtureRequest,
) -> None:
    client: Client = (
        Client()
        if who == "anonymous"
        else request.getfixturevalue("browser_as")(request.getfixturevalue(who))
    )

    assert client.get(address.format(**things)).status_code == expected[who]


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, address)
        elif isinstance(entry, URLPattern):
            yield address


def test_no_address_of_the_api_is_missing_from_the_table() -> None:
    served = {a.removeprefix("api/v1/") for a in addresses(get_resolver()) if a.startswith("api/v1/")}
    tested = {re.sub(r"{\w+}", "", address) for _, address, _ in TABLE}

    assert {address.replace("<uuid:pk>", "") for address in served} == tested


@pytest.mark.parametrize("who", ["colleague", "other_unit_officer", "other_unit_supervisor", "admin"])
def test_lists_hold_nothing_of_others(who: str, draft: Lineup, request: pytest.FixtureRequest) -> None:
    assert client_of(who, request).get("/api/v1/lineups/").json()["count"] == 0


def test_the_supervisor_of_the_unit_finds_its_lineups_and_may_not_edit_them(
    draft: Lineup, supervisor: User, api_as: Callable[[User], APIClient]
) -> None:
    (found,) = api_as(supervisor).get("/api/v1/lineups/").json()["results"]

    assert (found["id"], found["can"]) == (str(draft.pk), {"edit": False})


def test_the_supervisor_sees_every_picture_of_a_saved_lineup(
    saved: Lineup, supervisor: User, api_as: Callable[[User], APIClient]
) -> None:
    client = api_as(supervisor)
    detail = client.get(f"/api/v1/lineups/{saved.pk}/").json()
    pictures = [detail["export"]["image"], detail["photos"][0]["image"]]
    pictures += [member["face"]["image"] for member in detail["members"]]

    for address in pictures:
        response = client.get(address)
        assert response.status_code == 200
        assert response["Content-Type"] == "image/png"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, max-age=31536000, immutable"
        assert response["Content-Disposition"].startswith("inline; filename=")


def test_who_is_refused_is_in_the_audit_trail(
    draft: Lineup, colleague: User, supervisor: User, api_as: Callable[[User], APIClient]
) -> None:
    api_as(colleague).get(f"/api/v1/lineups/{draft.pk}/")
    api_as(supervisor).patch(f"/api/v1/lineups/{draft.pk}/", {"title": "Mine"}, format="json")

    denied = AuditEvent.objects.filter(action="access.denied", object_id=str(draft.pk)).order_by("seq")
    assert [(event.actor, event.outcome, event.data["code"]) for event in denied] == [
        (colleague, "denied", "not_found"),
        (supervisor, "denied", "not_allowed"),
    ]


def test_what_does_not_exist_looks_the_same_as_what_is_hidden(
    draft: Lineup, colleague: User, api_as: Callable[[User], APIClient]
) -> None:
    client = api_as(colleague)

    def answer(pk: UUID) -> tuple[int, bytes]:
        response = client.get(f"/api/v1/lineups/{pk}/")
        return response.status_code, response.content

    assert answer(draft.pk) == answer(uuid4())


def test_a_person_who_was_deactivated_gets_nothing_more(
    draft: Lineup, officer: User, api_as: Callable[[User], APIClient]
) -> None:
    client = api_as(officer)
    assert client.get(f"/api/v1/lineups/{draft.pk}/").status_code == 200

    officer.is_active = False
    officer.save()

    assert client.get(f"/api/v1/lineups/{draft.pk}/").status_code == 401


def test_an_officer_who_became_a_supervisor_no_longer_changes_lineups(
    draft: Lineup, officer: User, api_as: Callable[[User], APIClient]
) -> None:
    client = api_as(officer)
    User.objects.filter(pk=officer.pk).update(role="supervisor")

    response = client.patch(f"/api/v1/lineups/{draft.pk}/", {"title": "Later"}, format="json")

    assert response.status_code == 403


def test_a_request_that_writes_needs_the_token_against_forgery(draft: Lineup, officer: User) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")

    response = client.post(f"/api/v1/lineups/{draft.pk}/save/")

    assert response.status_code == 403
    assert "csrf" in response.json()["detail"].lower()


MODELS = (Lineup, Photo, Face, Job, Page, Member, Export, Refinement)


@pytest.mark.parametrize("model", MODELS, ids=[model.__name__ for model in MODELS])
def test_the_admin_site_has_no_way_to_lineups(
    model: type, admin: User, browser_as: Callable[[User], Client]
) -> None:
    from django.contrib.admin import site

    assert not site.is_registered(model)
    assert browser_as(admin).get(f"/admin/lineups/{model.__name__.lower()}/").status_code == 404
