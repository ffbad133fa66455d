"""What goes on from what: each page of a lineup says with which request a less similar one is asked for."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from lineups.constraints import FaceConstraints
from lineups.models import Face, Lineup, Page
from lineups.services import pages
from tests.lineups.conftest import new_face, take
from tests.lineups.requests import address, ask


@pytest.fixture
def following(api: APIClient, draft: Lineup) -> Callable[[], list[Any]]:
    """What the lineup says of each of its pages."""
    return lambda: [page["next"] for page in api.get(address(draft)).json()["pages"]]


def test_a_page_is_followed_by_one_from_the_same_face_that_the_site_takes_as_it_is(
    api: APIClient, draft: Lineup, page: Page, suspect: Face, following: Callable[[], list[Any]]
) -> None:
    (asked,) = following()

    assert asked == {"kind": "generate", "face": str(suspect.pk), "similarity_page": 2}
    assert ask(api, draft, **asked).status_code == 202
    request = draft.jobs.first()
    assert request is not None
    assert request.request["seed"] == page.job.request["seed"]


def test_each_page_leads_beyond_the_farthest_of_its_series(
    draft: Lineup, page: Page, suspect: Face, officer: User, following: Callable[[], list[Any]]
) -> None:
    further = pages.generate(draft, face=suspect.pk, similarity_page=2, by=officer)
    pages.keep(take(further), [new_face(7)], timings={})
    held = FaceConstraints(locks={"sex": "same"})
    apart = pages.generate(draft, face=suspect.pk, constraints=held, by=officer)
    pages.keep(take(apart), [new_face(8)], timings={})

    first, second, other = following()

    assert (first["similarity_page"], second["similarity_page"]) == (3, 3)
    assert (other["similarity_page"], other["locks"]) == (2, {"sex": "same"})


def test_a_refined_page_leads_on_from_its_reconstruction(
    refined: Page, following: Callable[[], list[Any]]
) -> None:
    reconstruction = refined.faces.get(position=1)

    assert following() == [{"kind": "generate", "face": str(reconstruction.pk), "similarity_page": 2}]


def test_nothing_follows_an_interpolation(
    draft: Lineup, page: Page, officer: User, following: Callable[[], list[Any]]
) -> None:
    first, second, *_ = page.faces.all()
    job = pages.interpolate(draft, faces=(first.pk, second.pk), steps=3, by=officer)
    pages.keep(take(job), [new_face(7)], timings={})

    assert following()[-1] is None
