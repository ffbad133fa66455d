"""Whoever tampers with the trail is found out, and the first bad row is named."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.audit import record
from accounts.audit.models import AuditEvent, ChainHead
from accounts.audit.verification import BrokenChain, Link, verify

from .conftest import NOTED

pytestmark = pytest.mark.usefixtures("trail")

TABLE = "audit_auditevent"
Tamper = Callable[..., None]


def test_an_untouched_trail_is_proved() -> None:
    head = ChainHead.objects.get()

    assert verify() == Link(head.seq, head.hash)
    assert head.seq == 5


@pytest.mark.parametrize(
    "change",
    [
        "action = 'session.signed_in'",
        "outcome = 'denied'",
        "actor_id = NULL",
        "actor_name = 'somebody else'",
        "actor_role = 'admin'",
        "ip = '192.0.2.1'",
        "request_id = '11111111111111111111111111111111'",
        "occurred_at = '2020-01-01 00:00:00'",
        "object_type = 'lineups.lineup'",
        "object_id = '99'",
        "object_repr = 'another unit'",
        """data = '{"number": 2, "share": 0.25}'""",
    ],
)
def test_an_edited_row_is_named(tamper: Tamper, change: str) -> None:
    tamper(f"UPDATE {TABLE} SET {change} WHERE seq = 3")

    with pytest.raises(BrokenChain) as broken:
        verify()
    assert broken.value.seq == 3


def test_a_deleted_row_is_named(tamper: Tamper) -> None:
    tamper(f"DELETE FROM {TABLE} WHERE seq = 2")

    with pytest.raises(BrokenChain) as broken:
        verify()
    assert broken.value.seq == 2


def test_a_deleted_row_whose_gap_was_closed_is_named(tamper: Tamper) -> None:
    tamper(f"DELETE FROM {TABLE} WHERE seq = 2", f"UPDATE {TABLE} SET seq = seq - 1 WHERE seq > 2")

    with pytest.raises(BrokenChain) as broken:
        verify()
    assert broken.value.seq == 2


def test_a_row_that_was_copied_in_is_named(tamper: Tamper) -> None:
    columns = (
        "occurred_at, actor_id, actor_name, actor_role, ip, request_id, action, outcome,"
        " object_type, object_id, object_repr, data"
    )
    tamper(
        f"INSERT INTO {TABLE} (seq, prev_hash, hash, {columns})"
        f" SELECT 6, (SELECT hash FROM {TABLE} WHERE seq = 5), 'f00d', {columns} FROM {TABLE} WHERE seq = 1"
    )

    with pytest.raises(BrokenChain) as broken:
        verify()
    assert broken.value.seq == 6


def test_two_rows_that_changed_places_are_named(tamper: Tamper) -> None:
    tamper(
        f"UPDATE {TABLE} SET seq = 100 WHERE seq = 3",
        f"UPDATE {TABLE} SET seq = 3 WHERE seq = 4",
        f"UPDATE {TABLE} SET seq = 4 WHERE seq = 100",
    )

    with pytest.raises(BrokenChain) as broken:
        verify()
    assert broken.value.seq == 3


def test_a_renumbered_row_is_named(tamper: Tamper) -> None:
    tamper(f"UPDATE {TABLE} SET seq = 50 WHERE seq = 5")

    with pytest.raises(BrokenChain) as broken:
        verify()
    assert broken.value.seq == 5


def test_a_cut_off_end_is_named(tamper: Tamper) -> None:
    tamper(f"DELETE FROM {TABLE} WHERE seq > 3")

    with pytest.raises(BrokenChain) as broken:
        verify()
    assert broken.value.seq == 4


def test_a_cut_off_end_whose_head_was_set_back_is_found_by_the_copy_kept_elsewhere(tamper: Tamper) -> None:
    kept = verify()
    earlier = AuditEvent.objects.get(seq=3).hash
    tamper(f"DELETE FROM {TABLE} WHERE seq > 3", f"UPDATE audit_chainhead SET seq = 3, hash = '{earlier}'")

    assert verify().seq == 3  # from inside it looks whole
    with pytest.raises(BrokenChain) as broken:
        verify(kept=kept)
    assert broken.value.seq == 4


def test_a_trail_that_was_written_anew_with_another_key_is_found_out(tamper: Tamper) -> None:
    tamper(f"DELETE FROM {TABLE}", "DELETE FROM audit_chainhead")
    with override_settings(SECRET_KEY="a key that the owner of the database made up"):
        record(NOTED)
        assert verify().seq == 1

    with pytest.raises(BrokenChain) as broken:
        verify()
    assert broken.value.seq == 1


def test_events_stay_proved_after_the_secret_key_was_changed() -> None:
    with override_settings(SECRET_KEY="the next key", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        record(NOTED)

        assert verify().seq == 6


def test_the_command_prints_the_head_of_an_unbroken_trail(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("audit", "verify")

    assert str(verify()) in capsys.readouterr().out


def test_the_command_names_the_first_bad_row_and_fails(tamper: Tamper) -> None:
    tamper(f"UPDATE {TABLE} SET actor_name = 'nobody' WHERE seq IN (2, 4)")

    with pytest.raises(CommandError, match="Row 2:") as failed:
        call_command("audit", "verify")
    assert failed.value.returncode == 1


def test_the_command_takes_the_head_that_was_kept(tamper: Tamper) -> None:
    kept = str(verify())
    call_command("audit", "verify", "--head", kept)

    with pytest.raises(CommandError, match="Row 5:"):
        call_command("audit", "verify", "--head", f"5:{'0' * 64}")
