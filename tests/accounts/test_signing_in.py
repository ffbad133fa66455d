"""Who comes in, who is kept out, and what the trail says of it."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.audit.models import AuditEvent
from accounts.models import User
from tests.conftest import PASSWORD

WRONG = "not the password"
DOORS = ["/accounts/sign-in/", "/admin/login/"]


def acts() -> list[str]:
    return list(AuditEvent.objects.values_list("action", flat=True))


def knock(
    client: Client, door: str, password: str, username: str = "adam", address: str = "192.0.2.1"
) -> int:
    answer = client.post(door, {"username": username, "password": password}, REMOTE_ADDR=address)
    return answer.status_code


def test_the_right_password_opens_and_is_recorded(admin: User, client: Client) -> None:
    assert knock(client, "/accounts/sign-in/", PASSWORD) == 302
    assert acts() == ["session.signed_in"]


def test_signing_in_begins_a_new_session(officer: User, client: Client) -> None:
    client.get("/accounts/sign-in/")
    client.cookies["sessionid"] = "a" * 32  # planted by somebody else

    knock(client, "/accounts/sign-in/", PASSWORD, "olga")

    assert client.cookies["sessionid"].value != "a" * 32
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"


@pytest.mark.parametrize("door", DOORS)
def test_five_failures_lock_the_name_out_at_that_address(admin: User, client: Client, door: str) -> None:
    statuses = [knock(client, door, WRONG) for _ in range(5)]

    assert statuses == [200, 200, 200, 200, 429]
    for any_door in DOORS:
        assert knock(client, any_door, PASSWORD) == 429, "even with the right password, through either door"
    assert acts() == ["session.sign_in_failed"] * 4 + ["session.locked_out"] * 3
    assert set(AuditEvent.objects.values_list("outcome", flat=True)) == {"denied"}


def test_a_lock_out_is_not_escaped_by_another_browser(admin: User) -> None:
    for number in range(5):
        Client(HTTP_USER_AGENT=f"browser {number}").post(
            DOORS[0], {"username": "adam", "password": WRONG}, REMOTE_ADDR="192.0.2.1"
        )

    assert knock(Client(HTTP_USER_AGENT="another"), DOORS[0], PASSWORD) == 429


def test_a_lock_out_keeps_nobody_else_out(admin: User, officer: User, client: Client) -> None:
    for _ in range(5):
        knock(client, DOORS[0], WRONG)

    assert knock(client, DOORS[0], PASSWORD, address="192.0.2.99") == 302, "the same person elsewhere"
    assert knock(Client(), DOORS[0], PASSWORD, "olga") == 302, "a colleague at the same address"


def test_an_admin_lifts_a_lock_out(admin: User, officer: User, client: Client) -> None:
    for _ in range(5):
        knock(client, DOORS[0], WRONG, "olga")
    admins = Client()
    knock(admins, DOORS[0], PASSWORD, address="192.0.2.50")

    admins.post("/admin/accounts/user/", {"action": "lift_lock_out", "_selected_action": officer.pk})

    assert knock(client, DOORS[0], PASSWORD, "olga") == 302
    assert "user.lock_out_lifted" in acts()


def test_a_stranger_learns_nothing_about_who_exists(officer: User, client: Client) -> None:
    officer.is_active = False
    officer.save()
    pages = [
        client.post(DOORS[0], {"username": name, "password": password}).content.decode()
        for name, password in (("olga", PASSWORD), ("olga", WRONG), ("nobody", WRONG))
    ]

    said = {page[page.index("errorlist") :].split("</ul>")[0] for page in pages}
    assert len(said) == 1


def test_a_failed_sign_in_keeps_the_name_but_never_the_password(client: Client, db: None) -> None:
    knock(client, DOORS[0], "hunter2-hunter2", "olga")

    event = AuditEvent.objects.get()
    assert event.data == {"username": "olga"}
    assert event.actor is None


def test_signing_out_takes_a_post_and_is_recorded(officer: User, client: Client) -> None:
    knock(client, DOORS[0], PASSWORD, "olga")

    assert client.get("/accounts/sign-out/").status_code == 405
    assert client.post("/accounts/sign-out/").status_code == 302
    assert client.get("/accounts/password/").status_code == 302, "signed out"
    assert acts() == ["session.signed_in", "session.signed_out"]


def test_a_person_who_is_deactivated_is_out_at_once(officer: User, client: Client) -> None:
    knock(client, DOORS[0], PASSWORD, "olga")
    officer.is_active = False
    officer.save()

    assert client.get("/accounts/password/").status_code == 302


def test_where_to_go_next_stays_on_this_site(officer: User, client: Client) -> None:
    answer = client.post(
        "/accounts/sign-in/?next=https://evil.example/", {"username": "olga", "password": PASSWORD}
    )

    assert answer.headers["Location"] == "/"


def test_the_sign_in_page_runs_nothing_that_stands_in_the_page(client: Client, db: None) -> None:
    answer = client.get("/accounts/sign-in/")
    page = answer.content.decode()

    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "<style" not in page
    assert " style=" not in page
    assert "<script" not in page
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_last_sign_in_is_known(officer: User, client: Client) -> None:
    knock(client, DOORS[0], PASSWORD, "olga")

    officer.refresh_from_db()
    assert officer.last_login is not None
    assert (timezone.now() - officer.last_login).total_seconds() < 10
