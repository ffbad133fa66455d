"""People that every test may call on, and clients that act for them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase
from rest_framework.test import APIClient

from accounts.audit import guards
from accounts.models import Role, Unit, User

PASSWORD = "a long pass phrase of nobody"

#: Folders whose tests build, trace or train networks, which takes seconds each.
NETWORKS: Final = tuple(
    Path(__file__).parent / folder
    for folder in (
        "gpu_worker",
        "pipeline/dataset/build",
        "pipeline/evaluation",
        "pipeline/interchange",
        "pipeline/networks",
        "pipeline/refinement",
        "pipeline/serving",
        "pipeline/training",
    )
)
LONG: Final = ("benchmark", "e2e", "process", "slow")


@pytest.hookimpl(tryfirst=True)  # before the tests that -m asks for are picked
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every other test is of the gate."""
    for item in items:
        below = any(item.path.is_relative_to(folder) for folder in NETWORKS)
        if not below and not any(item.get_closest_marker(name) for name in LONG):
            item.add_marker("fast")


_empty_the_tables = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _empty_with_the_guards_down(case: TransactionTestCase) -> None:
    """Let Django empty the tables after a test with real transactions, which the trail would refuse."""
    guards.remove(connection)
    try:
        _empty_the_tables(case)
    finally:
        guards.install(connection)


TransactionTestCase._fixture_teardown = _empty_with_the_guards_down  # type: ignore[attr-defined]


@pytest.fixture
def unit(db: None) -> Unit:
    """The unit in which the tests play."""
    return Unit.objects.create(name="North station")


@pytest.fixture
def other_unit(db: None) -> Unit:
    """A unit that has nothing to do with it."""
    return Unit.objects.create(name="South station")


def _person(name: str, role: Role, unit: Unit | None, **fields: Any) -> User:
    return User.objects.create_user(name, password=PASSWORD, role=role, unit=unit, **fields)


@pytest.fixture
def officer(unit: Unit) -> User:
    """An officer of the unit."""
    return _person("olga", Role.OFFICER, unit, first_name="Olga", last_name="Novak")


@pytest.fixture
def colleague(unit: Unit) -> User:
    """Another officer of the same unit."""
    return _person("karel", Role.OFFICER, unit)


@pytest.fixture
def supervisor(unit: Unit) -> User:
    """The supervisor of the unit."""
    return _person("simona", Role.SUPERVISOR, unit)


@pytest.fixture
def admin(db: None) -> User:
    """Manages people; belongs to no unit."""
    return _person("adam", Role.ADMIN, None)


@pytest.fixture
def other_unit_officer(other_unit: Unit) -> User:
    """An officer of the other unit."""
    return _person("ota", Role.OFFICER, other_unit)


@pytest.fixture
def other_unit_supervisor(other_unit: Unit) -> User:
    """The supervisor of the other unit."""
    return _person("silvie", Role.SUPERVISOR, other_unit)


@pytest.fixture
def api_as() -> Callable[[User], APIClient]:
    """A client of the REST API that is signed in as somebody."""

    def client(user: User) -> APIClient:
        made = APIClient()
        made.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return made

    return client


@pytest.fixture
def browser_as() -> Callable[[User], Client]:
    """A client of the pages that is signed in as somebody."""

    def client(user: User) -> Client:
        made = Client()
        made.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return made

    return client
