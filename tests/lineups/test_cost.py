"""What a look at the site costs does not grow with what is in it."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from lineups.models import Face, Lineup, Page
from lineups.services import lineups, members
from tests.lineups.requests import address

# Baselines: a change here is a change of cost that somebody decided on.
QUERIES = {"list": 4, "detail": 11, "page": 4}


def queries(api: APIClient, path: str) -> int:
    api.get(path)  # the first look is recorded, the next ones for a while are not
    with CaptureQueriesContext(connection) as captured:
        assert api.get(path).status_code == 200
    return len(captured)


def test_the_cost_of_a_list_does_not_grow_with_it(api: APIClient, saved: Lineup, officer: User) -> None:
    assert queries(api, "/api/v1/lineups/") == QUERIES["list"]
    for number in range(5):
        lineups.create(case_reference=f"K-{number}", title="Theft", by=officer)
    assert queries(api, "/api/v1/lineups/") == QUERIES["list"]


def test_the_cost_of_a_lineup_does_not_grow_with_what_is_in_it(
    api: APIClient,
    complete: Lineup,
    page: Page,
    suspect: Face,
    make_page: Callable[..., Page],
    officer: User,
) -> None:
    assert queries(api, address(complete)) == QUERIES["detail"]
    more = make_page(complete, suspect, count=6, seed=300, predicts=True)
    for face in more.faces.all():
        members.add(complete, face, by=officer)
    assert queries(api, address(complete)) == QUERIES["detail"]
    assert queries(api, f"/api/v1/pages/{page.pk}/") == QUERIES["page"]
    assert queries(api, f"/api/v1/pages/{more.pk}/") == QUERIES["page"]
