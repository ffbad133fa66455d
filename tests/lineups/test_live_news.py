"""Whoever watches a lineup hears everything about its jobs, in order, for as long as they may."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import ANY
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.layers import channel_layers, get_channel_layer
from django.conf import settings as django_settings
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from ligan_site.asgi import application
from lineups import live
from lineups.consumers import LineupConsumer
from lineups.models import Face, Job, Lineup, WorkerStatus
from lineups.services import jobs, leases, pages, workers
from lineups.services.leases import Lease
from tests.lineups.conftest import new_face, take
from tests.lineups.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "http://localhost"


@pytest.fixture(autouse=True)
def _a_layer_of_its_own() -> Iterator[None]:
    """The in-memory layer keeps the groups of earlier tests otherwise."""
    channel_layers.backends.clear()
    yield
    channel_layers.backends.clear()


def socket(client: Client | None, lineup_id: object, origin: str | None = HERE) -> Socket:
    headers = [(b"host", b"localhost")]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    if client is not None:
        cookie = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        headers.append((b"cookie", f"{django_settings.SESSION_COOKIE_NAME}={cookie}".encode()))
    return Socket(application, f"/ws/lineups/{lineup_id}/", headers)


@asynccontextmanager
async def watching(client: Client, lineup: Lineup) -> AsyncIterator[tuple[Socket, Any]]:
    """An open socket and its snapshot."""
    opened = socket(client, lineup.pk)
    assert await opened.connect()
    yield opened, await opened.news()
    await opened.leave()


@pytest.fixture
def desk(officer: User, browser_as: Callable[[User], Client]) -> Client:
    """The officer's browser."""
    return browser_as(officer)


@pytest.fixture
def job(draft: Lineup, suspect: Face, ready_worker: None, officer: User) -> Job:
    """A waiting job."""
    return pages.generate(draft, face=suspect.pk, by=officer)


async def test_the_first_word_is_how_everything_stands(desk: Client, draft: Lineup, job: Job) -> None:
    async with watching(desk, draft) as (_, snapshot):
        assert set(snapshot) == {"type", "jobs", "status"}
        assert snapshot["type"] == "snapshot"
        assert snapshot["status"] == {"ready": True, "reason": None}
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

    assert told == [
        {"type": "status", "status": {"ready": True, "reason": None}},
        {"type": "status", "status": {"ready": False, "reason": "Loading."}},
    ]


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


# Who may listen -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("colleague", 4404),
        ("other_unit_officer", 4404),
        ("other_unit_supervisor", 4404),
        ("admin", 4404),
        ("anonymous", 4401),
    ],
)
async def test_a_stranger_hears_nothing(
    who: str, code: int, draft: Lineup, job: Job, request: pytest.FixtureRequest
) -> None:
    client = None
    if who != "anonymous":
        person = await sync_to_async(request.getfixturevalue)(who)
        client = await sync_to_async(request.getfixturevalue("browser_as"))(person)
    opened = socket(client, draft.pk)
    await opened.connect()

    first = await opened.output()

    assert (first["type"], first["code"]) == ("websocket.close", code)


async def test_the_supervisor_of_the_unit_may_watch(
    draft: Lineup, job: Job, supervisor: User, browser_as: Callable[[User], Client]
) -> None:
    client = await sync_to_async(browser_as)(supervisor)
    async with watching(client, draft) as (_, snapshot):
        assert len(snapshot["jobs"]) == 2


async def test_a_lineup_that_does_not_exist_is_refused_like_a_hidden_one(desk: Client, officer: User) -> None:
    opened = socket(desk, uuid4())
    await opened.connect()

    assert await opened.closed() == 4404


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://localhost.evil.example", "null", None],
)
async def test_a_page_of_another_site_cannot_listen(desk: Client, draft: Lineup, origin: str | None) -> None:
    opened = socket(desk, draft.pk, origin)

    assert not await opened.connect()


async def test_an_address_that_leads_nowhere_is_refused(desk: Client) -> None:
    opened = socket(desk, "nothing")

    assert not await opened.connect()


def deactivated(officer: User, desk: Client) -> None:
    officer.is_active = False
    officer.save()


def demoted(officer: User, desk: Client) -> None:
    officer.role, officer.unit = "admin", None
    officer.save()


def given_a_new_password(officer: User, desk: Client) -> None:
    officer.set_password("another long pass phrase")
    officer.save()


def owing_a_new_password(officer: User, desk: Client) -> None:
    officer.must_change_password = True
    officer.save()


def signed_out(officer: User, desk: Client) -> None:
    desk.post("/accounts/sign-out/")


ENDS = {
    deactivated: 4401,
    demoted: 4404,
    given_a_new_password: 4401,
    owing_a_new_password: 4401,
    signed_out: 4401,
}


@pytest.mark.parametrize(("end", "code"), ENDS.items(), ids=[end.__name__ for end in ENDS])
async def test_an_open_socket_is_closed_at_once_when_its_person_may_no_longer_listen(
    end: Callable[[User, Client], None], code: int, desk: Client, draft: Lineup, officer: User
) -> None:
    async with watching(desk, draft) as (opened, _):
        await sync_to_async(end)(officer, desk)

        assert await asyncio.wait_for(opened.closed(), 5) == code


async def test_a_change_that_nobody_announced_is_found_within_the_interval(
    desk: Client, draft: Lineup, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LineupConsumer, "look_seconds", 0.05)
    monkeypatch.setattr(LineupConsumer, "authorise_seconds", 0.1)
    async with watching(desk, draft) as (opened, _):
        await User.objects.filter(pk=officer.pk).aupdate(is_active=False)

        assert await opened.closed() == 4401


async def test_signing_out_elsewhere_leaves_this_session_alone(
    desk: Client, draft: Lineup, job: Job, officer: User, browser_as: Callable[[User], Client]
) -> None:
    elsewhere = await sync_to_async(browser_as)(officer)
    async with watching(desk, draft) as (opened, _):
        await sync_to_async(signed_out)(officer, elsewhere)
        await sync_to_async(take)(job)
        news = await opened.news()

    assert news["type"] == "job"


async def test_what_the_browser_says_is_not_listened_to(desk: Client, draft: Lineup, job: Job) -> None:
    async with watching(desk, draft) as (opened, _):
        await opened.say(text="{ no json")
        await opened.say(data=b"\x00")
        await opened.say(text='{"type": "job.changed", "job": {"id": "x", "sequence": 99}}')
        await sync_to_async(jobs.request_cancel)(job, by=await User.objects.aget(username="olga"))
        news = await opened.news()

    assert news["job"]["state"] == "cancelled"
