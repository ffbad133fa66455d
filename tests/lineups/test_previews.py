"""What a running refinement has reached is shown to whoever may see the lineup, and then it is gone."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import User
from lineups import png
from lineups.errors import LostLease
from lineups.models import Job, Lineup
from lineups.services import leases, previews
from lineups.services.leases import Lease
from tests.lineups.conftest import picture, seen, take
from tests.lineups.requests import refusal
from tests.lineups.watchers import watching

pytestmark = pytest.mark.django_db(transaction=True)


def files(settings: Any) -> list[Path]:
    folder: Path = settings.STORAGES["default"]["OPTIONS"]["location"]
    return list(folder.glob("previews/*"))


def shown(api: APIClient, job: Job) -> Any:
    return api.get(api.get(f"/api/v1/jobs/{job.pk}/").json()["preview"])


def test_each_preview_replaces_the_one_before_under_a_new_address(
    api: APIClient, refining: Job, settings: Any
) -> None:
    lease, addresses = take(refining), set()
    for number in (1, 2, 3):
        previews.show(lease, png.encode(picture(number)))
        response = shown(api, refining)
        addresses.add(response.wsgi_request.get_full_path())
        assert Image.open(io.BytesIO(response.content)).tobytes() == picture(number).tobytes()
        assert len(files(settings)) == 1

    assert len(addresses) == 3


def test_no_browser_keeps_a_preview_and_none_takes_it_for_anything_but_a_picture(
    api: APIClient, refining: Job
) -> None:
    previews.show(take(refining), png.encode(picture(1)))

    response = shown(api, refining)

    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "image/png"


ENDS: dict[str, Callable[[Lease], object]] = {
    "failed": lambda lease: leases.fail(lease, code="x", reason="X.", timings={}),
    "cancelled": lambda lease: leases.cancel(lease, timings={}),
    "succeeded": lambda lease: leases.succeed(lease, timings={}),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=list(ENDS))
def test_a_refinement_that_has_ended_leaves_no_preview(
    api: APIClient, refining: Job, settings: Any, end: Callable[[Lease], object]
) -> None:
    lease = take(refining)
    previews.show(lease, png.encode(picture(1)))

    end(lease)

    assert api.get(f"/api/v1/jobs/{refining.pk}/").json()["preview"] is None
    assert refusal(api.get(f"/api/v1/jobs/{refining.pk}/preview/")) == (404, "not_found")
    assert not files(settings)


def test_before_the_first_preview_there_is_none(api: APIClient, refining: Job) -> None:
    assert api.get(f"/api/v1/jobs/{refining.pk}/").json()["preview"] is None
    assert refusal(api.get(f"/api/v1/jobs/{refining.pk}/preview/")) == (404, "not_found")


def test_a_worker_that_lost_its_job_shows_nothing_and_leaves_no_file(refining: Job, settings: Any) -> None:
    take(refining)

    with pytest.raises(LostLease):
        previews.show(Lease(refining.pk, uuid4()), png.encode(picture(1)))

    assert seen(refining).preview == ""
    assert not files(settings)


async def test_a_preview_is_told_as_numbered_news_and_asking_tells_the_same(
    desk: Client,
    draft: Lineup,
    refining: Job,
    officer: User,
    supervisor: User,
    api_as: Callable[[User], APIClient],
) -> None:
    lease = await sync_to_async(take)(refining)
    api = await sync_to_async(api_as)(officer)
    async with watching(desk, draft) as (opened, snapshot):
        await sync_to_async(previews.show)(lease, png.encode(picture(1)))
        news = await opened.news()
        read = await sync_to_async(api.get)(f"/api/v1/jobs/{refining.pk}/")

    assert news == {"type": "job", "job": read.json()}
    assert news["job"]["sequence"] > snapshot["jobs"][0]["sequence"]
    assert news["job"]["preview"].startswith(f"/api/v1/jobs/{refining.pk}/preview/")
