"""An act and its record stand or fall together, and the record says who, what, when and from where."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.audit import Action, record, register
from accounts.audit.actions import UnregisteredAction
from accounts.audit.models import AuditEvent
from accounts.audit.verification import verify
from accounts.models import Unit, User

from .conftest import NOTED


def test_an_event_says_who_did_what_to_what_and_when(officer: User, unit: Unit) -> None:
    event = record(NOTED, by=officer, on=unit, data={"why": "a test"})

    assert (event.actor, event.actor_name, event.actor_role) == (officer, "olga", "officer")
    assert (event.object_type, event.object_id, event.object_repr) == (
        "accounts.unit",
        str(unit.pk),
        "North station",
    )
    assert event.data == {"why": "a test"}
    assert timezone.now() - event.occurred_at < timedelta(seconds=10)


def test_an_event_keeps_the_names_of_its_time(officer: User) -> None:
    event = record(NOTED, by=officer, on=officer)
    officer.username = "olga.newname"
    officer.save()

    event.refresh_from_db()
    assert (event.actor_name, event.object_repr) == ("olga", "olga")
    assert verify().seq == 1


def test_an_act_that_is_rolled_back_leaves_no_event(db: None) -> None:
    with transaction.atomic():
        record(NOTED)
        transaction.set_rollback(True)

    assert not AuditEvent.objects.exists()


def test_an_act_under_a_name_that_nobody_registered_is_refused(db: None) -> None:
    with pytest.raises(UnregisteredAction):
        record(Action("made.up", "Made up"))


def test_one_name_cannot_mean_two_things() -> None:
    with pytest.raises(ValueError, match="registered already"):
        register(NOTED.name, "Something else")


@pytest.mark.parametrize("data", [{"share": float("nan")}, {"picture": b"bytes"}])
def test_what_is_no_json_is_refused(db: None, data: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        record(NOTED, data=data)


def test_a_name_with_a_nul_in_it_cannot_stop_the_record(db: None) -> None:
    event = record(NOTED, data={"username": "ol\x00ga"})

    assert event.data["username"] == "ol\ufffdga"
    assert verify().seq == 1


def test_large_and_small_numbers_survive_the_database(db: None) -> None:
    record(NOTED, data={"numbers": [1e16, 1.0, -0.0, 1e-7, 0.1, 2**60]})

    assert verify().seq == 1


@pytest.mark.django_db(transaction=True)
def test_acts_at_the_same_moment_make_one_chain_without_a_gap() -> None:
    def note() -> None:
        for _ in range(5):
            record(NOTED)
        connection.close()

    threads = [threading.Thread(target=note) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert verify().seq == 20


def test_everything_that_one_request_did_carries_its_number_and_address(
    officer: User, client: Client
) -> None:
    answer = client.post(
        "/accounts/sign-in/", {"username": "olga", "password": "wrong"}, REMOTE_ADDR="192.0.2.7"
    )

    event = AuditEvent.objects.get()
    assert event.ip == "192.0.2.7"
    assert str(event.request_id) == answer["X-Request-ID"]


def test_nobody_can_choose_the_address_under_which_they_are_recorded(officer: User, client: Client) -> None:
    client.post(
        "/accounts/sign-in/",
        {"username": "olga", "password": "wrong"},
        REMOTE_ADDR="192.0.2.7",
        HTTP_X_FORWARDED_FOR="198.51.100.1",
        HTTP_FORWARDED="for=198.51.100.1",
    )

    assert AuditEvent.objects.get().ip == "192.0.2.7"
