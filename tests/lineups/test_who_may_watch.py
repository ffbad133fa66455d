"""Nobody hears of a lineup who may not see it, and nobody for longer than they may."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from accounts.models import User
from lineups.consumers import LineupConsumer
from lineups.models import Job, Lineup
from lineups.services import jobs
from tests.lineups.conftest import take
from tests.lineups.watchers import socket, watching

pytestmark = pytest.mark.django_db(transaction=True)


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
