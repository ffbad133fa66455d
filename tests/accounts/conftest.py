"""A short audit trail, and a way into the database that goes around every guard."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from accounts.audit import guards, record, register
from accounts.models import User

NOTED = register("test.noted", "Noted by a test")


@pytest.fixture
def trail(officer: User) -> None:
    """Five events."""
    for number in range(5):
        record(NOTED, by=officer, on=officer.unit, data={"number": number, "share": number / 4})


@pytest.fixture
def tamper() -> Callable[..., None]:
    """Run SQL as the owner of the database could: with the triggers gone."""

    def run(*statements: str, values: tuple[Any, ...] = ()) -> None:
        guards.remove(connection)
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, values)
        guards.install(connection)

    return run
