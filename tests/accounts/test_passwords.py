"""A one-time password serves once."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from accounts.audit.models import AuditEvent
from accounts.audit.verification import verify
from accounts.models import Role, User
from tests.conftest import PASSWORD

NEW = "an entirely different pass phrase"


@pytest.fixture
def newcomer(officer: User) -> User:
    officer.must_change_password = True
    officer.save()
    return officer


def change(client: Client, old: str, new: str) -> int:
    answer = client.post(
        "/accounts/password/", {"old_password": old, "new_password1": new, "new_password2": new}
    )
    return answer.status_code


def test_a_newcomer_can_do_nothing_before_choosing_a_password(
    newcomer: User, browser_as: Callable[[User], Client]
) -> None:
    client = browser_as(newcomer)

    for path in ("/", "/admin/", "/lineups/anything/", "/accounts/password/changed/"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/password/"), path


def test_a_newcomer_is_told_so_by_the_api(newcomer: User, api_as: Callable[[User], APIClient]) -> None:
    answer = api_as(newcomer).get("/api/v1/me/")

    assert answer.status_code == 403
    assert answer.json()["code"] == "password_change_required"


def test_a_newcomer_can_sign_out(newcomer: User, browser_as: Callable[[User], Client]) -> None:
    assert browser_as(newcomer).post("/accounts/sign-out/").headers["Location"] == "/accounts/sign-in/"


def test_choosing_a_password_lets_the_newcomer_in(
    newcomer: User, browser_as: Callable[[User], Client]
) -> None:
    client = browser_as(newcomer)

    assert change(client, PASSWORD, NEW) == 302

    newcomer.refresh_from_db()
    assert newcomer.check_password(NEW)
    assert not newcomer.must_change_password
    assert client.get("/accounts/password/changed/").status_code == 200
    assert AuditEvent.objects.filter(action="user.password_changed", actor=newcomer).count() == 1


@pytest.mark.parametrize("new", [PASSWORD, "short", "123456789012345", "password1234"])
def test_a_password_that_is_the_old_one_or_easily_guessed_is_refused(
    newcomer: User, browser_as: Callable[[User], Client], new: str
) -> None:
    assert change(browser_as(newcomer), PASSWORD, new) == 200

    newcomer.refresh_from_db()
    assert newcomer.must_change_password


def test_changing_the_password_ends_the_sessions_elsewhere(
    officer: User, browser_as: Callable[[User], Client]
) -> None:
    here, elsewhere = browser_as(officer), browser_as(officer)

    change(here, PASSWORD, NEW)

    assert here.get("/accounts/password/").status_code == 200
    assert elsewhere.get("/accounts/password/").status_code == 302


def test_no_password_ever_reaches_the_trail(newcomer: User, browser_as: Callable[[User], Client]) -> None:
    change(browser_as(newcomer), PASSWORD, NEW)

    for event in AuditEvent.objects.all():
        assert PASSWORD not in str(event.data)
        assert NEW not in str(event.data)


def test_a_new_installation_prints_three_one_time_passwords_once(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("demo_accounts")
    printed = dict(line.split() for line in capsys.readouterr().out.splitlines()[1:])
    call_command("demo_accounts")

    assert capsys.readouterr().out == ""
    assert set(printed) == set(Role.values)
    officer, supervisor = User.objects.get(username="officer"), User.objects.get(username="supervisor")
    assert officer.unit == supervisor.unit
    assert all(User.objects.values_list("must_change_password", flat=True))
    for name, password in printed.items():
        assert User.objects.get(username=name).check_password(password)
    assert verify().seq == 4
