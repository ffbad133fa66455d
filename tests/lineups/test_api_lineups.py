"""What the API answers about lineups, and its document."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from accounts.models import User
from lineups import png
from lineups.models import Lineup, Page
from lineups.services import lineups
from tests.lineups.conftest import picture
from tests.lineups.requests import address, refusal, send


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
