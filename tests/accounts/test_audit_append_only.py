"""What has been recorded cannot be changed or deleted, neither through Django nor through SQL."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.audit.models import AppendOnly, AuditEvent
from accounts.audit.verification import verify
from accounts.models import User

pytestmark = pytest.mark.usefixtures("trail")


def test_an_event_cannot_be_saved_again() -> None:
    event = AuditEvent.objects.get(seq=2)
    event.actor_name = "somebody else"

    with pytest.raises(AppendOnly):
        event.save()


def test_an_event_cannot_be_deleted() -> None:
    with pytest.raises(AppendOnly):
        AuditEvent.objects.get(seq=2).delete()


def test_events_cannot_be_changed_or_deleted_together(officer: User) -> None:
    for trail in (AuditEvent.objects.all(), AuditEvent._base_manager.all(), officer.audit_events.all()):
        with pytest.raises(AppendOnly):
            trail.update(outcome="denied")
        with pytest.raises(AppendOnly):
            trail.delete()
        with pytest.raises(AppendOnly):
            trail.bulk_update([AuditEvent.objects.get(seq=1)], ["outcome"])


def test_events_cannot_be_slipped_in_around_the_chain() -> None:
    with pytest.raises(AppendOnly):
        AuditEvent.objects.bulk_create([AuditEvent(seq=6)])


ON_ANY = [
    "UPDATE audit_auditevent SET outcome = 'denied' WHERE seq = 2",
    "DELETE FROM audit_auditevent WHERE seq = 2",
    "DELETE FROM audit_auditevent",
]
ON_ONE = {
    "sqlite": [
        "INSERT OR REPLACE INTO audit_auditevent SELECT * FROM audit_auditevent WHERE seq = 2",
        "UPDATE OR REPLACE audit_auditevent SET seq = 3 WHERE seq = 2",
    ],
    "postgresql": [
        "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE audit_auditevent",
        (
            "INSERT INTO audit_auditevent SELECT * FROM audit_auditevent WHERE seq = 2"
            " ON CONFLICT (seq) DO UPDATE SET outcome = 'denied'"
        ),
    ],
}


@pytest.mark.parametrize("statement", ON_ANY + ON_ONE[connection.vendor])
def test_the_database_itself_refuses(statement: str) -> None:
    refused = pytest.raises(DatabaseError, match="audit events cannot be")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert verify().seq == 5


def test_a_person_in_the_trail_cannot_be_deleted(officer: User) -> None:
    with pytest.raises(DatabaseError):
        officer.delete()
