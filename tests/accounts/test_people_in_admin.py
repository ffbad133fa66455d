"""Admins manage people; what they do is recorded, and the record is beyond them."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError
from django.test import Client

from accounts.audit.models import AuditEvent
from accounts.models import Role, Unit, User
from accounts.permissions import is_officer, is_supervisor, may_work
from tests.conftest import PASSWORD


@pytest.fixture
def desk(admin: User, browser_as: Callable[[User], Client]) -> Client:
    """The admin's browser."""
    return browser_as(admin)


def last() -> AuditEvent:
    event = AuditEvent.objects.last()
    assert event
    return event


def fields(user: User, **changed: object) -> dict[str, object]:
    return {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "role": user.role,
        "unit": user.unit_id or "",
        "is_active": "on",
        **changed,
    }


@pytest.mark.parametrize("who", ["officer", "supervisor"])
def test_only_admins_enter_the_admin_pages(
    who: str, browser_as: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    answer = browser_as(request.getfixturevalue(who)).get("/admin/")

    assert answer.status_code == 302
    assert "/admin/login/" in answer.headers["Location"]


def test_an_admin_creates_a_person_whose_first_password_serves_once(
    desk: Client, admin: User, unit: Unit
) -> None:
    new = {"username": "nina", "role": "officer", "unit": unit.pk, "usable_password": "true"}

    answer = desk.post("/admin/accounts/user/add/", {**new, "password1": PASSWORD, "password2": PASSWORD})

    assert answer.status_code == 302
    nina = User.objects.get(username="nina")
    assert nina.must_change_password
    assert (last().action, last().actor, last().object_id) == ("user.created", admin, str(nina.pk))
    assert PASSWORD not in str(last().data)


def test_a_change_of_role_is_recorded_with_what_it_was(desk: Client, officer: User) -> None:
    desk.post(f"/admin/accounts/user/{officer.pk}/change/", fields(officer, role="supervisor"))

    officer.refresh_from_db()
    assert officer.role == Role.SUPERVISOR
    assert last().action == "user.changed"
    assert last().data == {"changed": {"role": ["officer", "supervisor"]}}


def test_a_password_that_an_admin_sets_serves_once(desk: Client, officer: User) -> None:
    new = {"password1": "another long pass phrase", "password2": "another long pass phrase"}

    desk.post(f"/admin/accounts/user/{officer.pk}/password/", {**new, "usable_password": "true"})

    officer.refresh_from_db()
    assert officer.check_password("another long pass phrase")
    assert officer.must_change_password
    assert "user.password_reset" in AuditEvent.objects.values_list("action", flat=True)


def test_admins_change_their_own_password_in_the_one_place_that_records_it(desk: Client) -> None:
    assert desk.get("/admin/password_change/").headers["Location"] == "/accounts/password/"


def test_nobody_is_deleted(desk: Client, officer: User) -> None:
    assert desk.post(f"/admin/accounts/user/{officer.pk}/delete/", {"post": "yes"}).status_code == 403


def test_units_are_created_changed_and_deleted_on_record(desk: Client) -> None:
    desk.post("/admin/accounts/unit/add/", {"name": "West station"})
    unit = Unit.objects.get()
    desk.post(f"/admin/accounts/unit/{unit.pk}/change/", {"name": "West and North station"})
    desk.post(f"/admin/accounts/unit/{unit.pk}/delete/", {"post": "yes"})

    assert list(AuditEvent.objects.filter(action__startswith="unit.").values_list("action", flat=True)) == [
        "unit.created",
        "unit.changed",
        "unit.deleted",
    ]


def test_a_unit_with_people_is_not_deleted(desk: Client, officer: User, unit: Unit) -> None:
    desk.post(f"/admin/accounts/unit/{unit.pk}/delete/", {"post": "yes"})

    assert Unit.objects.filter(pk=unit.pk).exists()


def test_an_admin_reads_the_trail_but_cannot_touch_it(desk: Client) -> None:
    event = AuditEvent.objects.get()  # the admin's own sign-in
    page = f"/admin/audit/auditevent/{event.pk}"

    assert desk.get("/admin/audit/auditevent/").status_code == 200
    assert desk.get(f"{page}/change/").status_code == 200
    assert desk.post(f"{page}/change/", {"actor_name": "nobody"}).status_code == 403
    assert desk.post(f"{page}/delete/", {"post": "yes"}).status_code == 403
    assert desk.get("/admin/audit/auditevent/add/").status_code == 403
    assert AuditEvent.objects.get(pk=event.pk).actor_name == "adam"


def test_an_admin_finds_no_case_in_the_admin_pages(desk: Client) -> None:
    page = desk.get("/admin/").content.decode()

    assert "/admin/lineups/" not in page
    assert "/admin/accounts/user/" in page


def test_rights_follow_from_the_role_and_from_nothing_else(officer: User) -> None:
    officer.is_superuser = officer.is_staff = True
    officer.save()

    assert not officer.is_superuser
    with pytest.raises(IntegrityError):
        User.objects.filter(pk=officer.pk).update(is_superuser=True)


def test_each_role_is_one_thing(officer: User, supervisor: User, admin: User) -> None:
    people = (officer, supervisor, admin)

    assert [is_officer(person) for person in people] == [True, False, False]
    assert [is_supervisor(person) for person in people] == [False, True, False]


def test_a_deactivated_person_has_no_role_and_a_newcomer_may_not_work(officer: User) -> None:
    assert may_work(officer)
    officer.must_change_password = True
    assert not may_work(officer)
    officer.is_active = False
    assert not is_officer(officer)
