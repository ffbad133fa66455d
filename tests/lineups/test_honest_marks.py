"""What is not fit for casework says so: on every page, every picture, in every document."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.contrib import admin as admin_site
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from PIL import Image
from rest_framework.test import APIClient

from accounts.audit.models import AuditEvent
from accounts.models import User
from lineups import fitness, status
from lineups.capabilities import Capabilities
from lineups.exports.picture import MARK_GROUND, compose
from lineups.fitness import MARK, Fitness
from lineups.models import Export, Face, Lineup, WorkerStatus
from lineups.services import exports, workers
from tests.conftest import PASSWORD
from tests.lineups.conftest import BUNDLE, picture

FIT = Fitness(casework=True, figures={"women right": 0.99})


def tell(name: str, told: Fitness, *, bundle: str = BUNDLE) -> None:
    """A worker says what its bundle is fit for, for however long the test takes."""
    workers.report(
        name, queues=["interactive"], ready=True, bundle=bundle, capabilities=Capabilities(fitness=told)
    )
    WorkerStatus.objects.update(last_seen=timezone.now() + timedelta(hours=1))


def addresses(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, address)
        elif isinstance(entry, URLPattern):
            yield address


def plain(address: str) -> bool:
    """Whether an address needs no argument."""
    return "<" not in address and "(" not in address and "^" not in address


def pages_of(client: Client, lineup: Lineup, user: User) -> dict[str, str]:
    """Address → HTML of every page of the site that answers somebody with HTML."""
    event = AuditEvent.objects.first()
    assert event is not None
    asked = [address for address in addresses(get_resolver()) if plain(address)]
    asked += [f"/lineups/{lineup.pk}/", "/lineups/00000000-0000-0000-0000-000000000000/", "/nothing/here/"]
    for model in admin_site.site._registry:
        place = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        row = user.pk if model is User else event.pk if model is AuditEvent else None
        asked += [place, f"{place}add/"] + (
            [f"{place}{row}/change/", f"{place}{row}/history/"] if row else []
        )
    found = {}
    for address in asked:
        answer = client.get(address, follow=True)
        if answer.status_code != 405 and answer["Content-Type"].startswith("text/html"):
            found[address] = answer.content.decode()
    return found


@pytest.mark.parametrize("who", ["anonymous", "officer", "supervisor", "admin"])
def test_every_page_of_the_site_is_marked_before_a_worker_has_told_anything(
    who: str, saved: Lineup, request: pytest.FixtureRequest
) -> None:
    WorkerStatus.objects.all().delete()
    client, officer = Client(), request.getfixturevalue("officer")
    if who != "anonymous":
        client.force_login(request.getfixturevalue(who), backend="django.contrib.auth.backends.ModelBackend")

    found = pages_of(client, saved, officer)

    assert len(found) > (5 if who == "anonymous" else 8)
    assert [address for address, html in found.items() if f"<strong>{MARK}</strong>" not in html] == []


def test_pages_that_refuse_and_the_page_of_an_error_are_marked(admin: User, client: Client) -> None:
    for _ in range(5):
        locked = client.post("/accounts/sign-in/", {"username": "adam", "password": "wrong"})
    assert locked.status_code == 429
    forged = Client(enforce_csrf_checks=True).post("/accounts/sign-in/", {})
    assert forged.status_code == 403
    from django.views.defaults import server_error

    broken = server_error(locked.wsgi_request)
    assert broken.status_code == 500
    for page in (locked, forged, broken):
        assert f"<strong>{MARK}</strong>" in page.content.decode()


def test_the_page_after_a_new_password_is_marked(officer: User, browser_as: Any) -> None:
    new = "another long pass phrase"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    answer = browser_as(officer).post("/accounts/password/", fields, follow=True)

    assert answer.redirect_chain
    assert MARK in answer.content.decode()


def test_no_page_is_marked_once_every_worker_says_that_its_bundle_is_fit(desk: Client, draft: Lineup) -> None:
    tell("a@test", FIT)

    assert MARK not in desk.get("/").content.decode()
    assert MARK not in desk.get(f"/lineups/{draft.pk}/").content.decode()
    assert MARK not in Client().get("/accounts/sign-in/").content.decode()


def test_one_worker_whose_bundle_is_not_fit_marks_the_whole_site(db: None, client: Client) -> None:
    tell("a@test", FIT)
    tell("refine@test", fitness.UNFIT, bundle="")  # has loaded nothing yet
    assert status.current().casework

    tell("b@test", fitness.UNFIT)
    assert not status.current().casework
    assert MARK in client.get("/accounts/sign-in/").content.decode()


def test_a_worker_that_is_gone_vouches_for_nothing(db: None) -> None:
    tell("a@test", FIT)
    WorkerStatus.objects.update(last_seen=timezone.now() - timedelta(hours=1))

    assert not status.current().casework


@pytest.mark.parametrize(
    "told",
    [{}, {"casework": False, "figures": {"a": 1.0}}, {"casework": True}, {"casework": True, "figures": {}},
     {"casework": "true", "figures": {"a": 1.0}}, {"casework": 1, "figures": {"a": 1.0}},
     {"casework": True, "figures": "good"}],
)  # fmt: skip
def test_only_true_beside_figures_says_that_a_bundle_is_fit(told: dict[str, Any]) -> None:
    assert not Fitness.from_dict(told).casework
    assert Fitness.from_dict(FIT.to_dict()) == FIT


def test_what_is_no_number_among_the_figures_is_passed_over_and_makes_nothing_fit() -> None:
    """A gallery that notes something else beside its figures does not stop the site."""
    told = {"casework": True, "figures": {"left_out": {"by eye": 3}, "who": "them", "sure": True}}

    assert Fitness.from_dict(told) == Fitness(casework=False)
    assert Fitness.from_dict({"figures": {"share": 0.5, "left_out": {}}}).figures == {"share": 0.5}


def test_the_api_tells_what_the_bundle_in_use_is_fit_for(api: APIClient) -> None:
    tell("a@test", FIT)

    told = api.get("/api/v1/status/").json()
    assert told["casework"] is True
    assert told["abilities"]["fitness"] == {"casework": True, "figures": {"women right": 0.99}}


def test_a_marked_picture_says_so_in_a_band_above_and_below_and_shows_the_same_members() -> None:
    faces = [picture(seed) for seed in range(6)]
    plain_sheet, marked = (
        np.asarray(Image.open(io.BytesIO(compose(faces, mark=mark)))) for mark in (None, MARK)
    )

    band = (len(marked) - len(plain_sheet)) // 2
    assert band >= 40
    np.testing.assert_array_equal(marked[band:-band], plain_sheet)
    for strip in (marked[:band], marked[-band:]):
        ground = (strip == MARK_GROUND).all(axis=-1)
        assert ground[0].all()
        assert ground[-1].all()
        words = np.flatnonzero(~ground.all(axis=0))
        assert 0 < words[0] < words[-1] < strip.shape[1] - 1, "the words are cut off"
        assert words[-1] - words[0] > 0.5 * strip.shape[1], "the words are too small to be seen"


@pytest.mark.parametrize("count", [1, 2, 3, 12])
def test_the_words_fit_on_a_sheet_of_any_width(count: int) -> None:
    sheet = np.asarray(Image.open(io.BytesIO(compose([picture(1)] * count, mark=MARK))))

    words = np.flatnonzero((sheet[:48] != MARK_GROUND).any(axis=(0, 2)))
    assert 0 < words[0] < words[-1] < sheet.shape[1] - 1


def test_a_saved_lineup_and_its_document_are_marked_unless_every_member_is_fit(
    complete: Lineup, officer: User, api: APIClient
) -> None:
    Face.objects.filter(pk__in=complete.members.values("face")[:2]).update(casework=True)

    export = exports.save(complete, by=officer)

    shown = api.get(f"/api/v1/lineups/{complete.pk}/").json()["export"]
    assert (export.casework, shown["mark"]) == (False, MARK)
    document = api.get(shown["document"])
    assert document["Content-Type"] == "text/plain; charset=utf-8"
    assert document.content.decode().splitlines()[0] == MARK.upper()
    sheet = np.asarray(Image.open(export.file))
    assert (sheet[0] == MARK_GROUND).all()


def test_a_saved_lineup_of_fit_members_is_not_marked(complete: Lineup, officer: User, api: APIClient) -> None:
    Face.objects.update(casework=True)

    export = exports.save(complete, by=officer)

    shown = api.get(f"/api/v1/lineups/{complete.pk}/").json()["export"]
    assert (export.casework, shown["mark"]) == (True, None)
    assert MARK.upper() not in api.get(shown["document"]).content.decode()
    assert not (np.asarray(Image.open(export.file))[0] == MARK_GROUND).all()


def test_the_record_says_who_is_in_the_lineup_and_where(saved: Lineup, api: APIClient) -> None:
    export = Export.objects.get()

    record = api.get(f"/api/v1/exports/{export.pk}/document/").content.decode()

    assert saved.case_reference in record
    assert export.sha256 in record
    assert f"The suspect is number {export.suspect_position} of 3." in record
    suspect = next(line for line in record.splitlines() if "The suspect, cut out" in line)
    assert suspect.strip().startswith(f"{export.suspect_position}.")
    for face in Face.objects.filter(pk__in=export.order):
        assert face.sha256 in record
