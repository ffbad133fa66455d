"""Whoever watches a lineup hears everything about its jobs, in order."""

from collections.abc import Callable
from unittest.mock import ANY
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.layers import channel_layers, get_channel_layer
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from lineups import live
from lineups.capabilities import Capabilities
from lineups.consumers import LineupConsumer
from lineups.models import Job, Lineup, WorkerStatus
from lineups.services import leases, pages, workers
from lineups.services.leases import Lease
from tests.lineups.conftest import READY, new_face, take
from tests.lineups.watchers import watching

pytestmark = pytest.mark.django_db(transaction=True)


async def test_the_first_word_is_how_everything_stands(
    desk: Client, draft: Lineup, job: Job, ready_refiner: None
) -> None:
    async with watching(desk, draft) as (_, snapshot):
        assert set(snapshot) == {"type", "jobs", "status"}
        assert snapshot["type"] == "snapshot"
        assert snapshot["status"] == READY
        assert [(told["id"], told["state"]) for told in snapshot["jobs"]] == [
            (str(job.pk), "queued"),
            (ANY, "succeeded"),
        ]


async def test_every_step_of_a_job_is_told_in_order_until_its_page(
    desk: Client, draft: Lineup, job: Job
) -> None:
    def work() -> None:
        lease = take(job)
        for step in range(1, 6):
            leases.report(lease, progress=step / 10, stage="generate")
        pages.keep(lease, [new_face(1)], timings={"generate": 0.1})

    async with watching(desk, draft) as (opened, _):
        await sync_to_async(work)()
        told = [(await opened.news())["job"] for _ in range(7)]

    assert [news["state"] for news in told] == ["running"] * 6 + ["succeeded"]
    assert [news["sequence"] for news in told] == list(range(2, 9))
    assert [news["progress"] for news in told] == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 1.0]
    page = await draft.pages.aget()
    assert told[-1]["page"] == str(page.pk)


async def test_asking_again_and_again_tells_the_same_as_the_socket(
    desk: Client, draft: Lineup, job: Job, officer: User, api_as: Callable[[User], APIClient]
) -> None:
    api = await sync_to_async(api_as)(officer)
    async with watching(desk, draft) as (opened, _):
        await sync_to_async(take)(job)
        news = await opened.news()
        read = await sync_to_async(api.get)(f"/api/v1/jobs/{job.pk}/")

    assert news == {"type": "job", "job": read.json()}


async def test_what_was_not_committed_is_not_told(desk: Client, draft: Lineup, job: Job) -> None:
    def zombie() -> None:
        lease = Lease(job.pk, uuid4())
        with pytest.raises(Exception, match="no longer holds"):
            leases.report(lease, progress=0.9, stage="generate")

    async with watching(desk, draft) as (opened, _):
        await sync_to_async(zombie)()
        await sync_to_async(take)(job)
        first = await opened.news()

    assert (first["job"]["state"], first["job"]["sequence"]) == ("running", 2)


async def test_stale_news_is_not_told(desk: Client, draft: Lineup, job: Job) -> None:
    layer = get_channel_layer()
    assert layer is not None
    async with watching(desk, draft) as (opened, snapshot):
        old = {**snapshot["jobs"][0], "progress": 0.9}
        await layer.group_send(live.lineup_group(draft.pk), {"type": "job.changed", "job": old})
        await sync_to_async(take)(job)
        news = await opened.news()

    assert news["job"]["sequence"] == 2


async def test_news_that_the_channel_lost_is_told_all_the_same(
    desk: Client, draft: Lineup, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LineupConsumer, "look_seconds", 0.05)
    async with watching(desk, draft) as (opened, _):
        channel_layers.backends.clear()  # senders now speak to a layer that nobody listens to
        await sync_to_async(take)(job)
        news = await opened.news()

    assert news["job"]["state"] == "running"


async def test_the_other_lineup_of_the_same_officer_is_not_mixed_in(
    desk: Client, draft: Lineup, job: Job, officer: User
) -> None:
    from lineups.services import lineups

    other = await sync_to_async(lineups.create)(case_reference="K-2", title="Theft", by=officer)
    async with watching(desk, other) as (opened, snapshot):
        await sync_to_async(take)(job)
        assert snapshot["jobs"] == []
        assert await opened.is_silent(0.3)


async def test_readiness_is_told_when_it_changes_and_only_then(desk: Client, draft: Lineup) -> None:
    def report(*, ready: bool) -> None:
        workers.report(
            "interactive@test", queues=["interactive"], ready=ready, detail="" if ready else "Loading."
        )

    async with watching(desk, draft) as (opened, snapshot):
        assert snapshot["status"]["ready"] is False
        for ready in (True, True, False):
            await sync_to_async(report)(ready=ready)
        told = [await opened.news() for _ in range(2)]

    assert [(news["status"]["ready"], news["status"]["reason"]) for news in told] == [
        (True, None),
        (False, "Loading."),
    ]


async def test_what_may_be_asked_is_told_when_a_worker_with_another_model_comes(
    desk: Client, draft: Lineup, ready_worker: None
) -> None:
    def report() -> None:
        workers.report("interactive@test", queues=["interactive"], ready=True)

    async with watching(desk, draft) as (opened, snapshot):
        await sync_to_async(report)()
        news = await opened.news()

    assert snapshot["status"]["abilities"] == READY["abilities"]
    assert news["status"]["abilities"] == Capabilities().to_dict()


async def test_a_worker_that_died_silently_is_noticed(
    desk: Client, draft: Lineup, ready_worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LineupConsumer, "look_seconds", 0.05)
    async with watching(desk, draft) as (opened, snapshot):
        assert snapshot["status"]["ready"] is True
        await WorkerStatus.objects.aupdate(last_seen="2020-01-01T00:00:00Z")
        news = await opened.news()

    assert news["status"]["ready"] is False
    assert news["status"]["reason"].startswith("No worker")
