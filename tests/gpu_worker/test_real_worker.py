"""A real Celery worker with the models that ship, a real broker, and what goes wrong between them."""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psutil
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from ligan_site.asgi import application
from lineups.models import Job, Lineup, Page
from lineups.services import leases, reaper
from lineups.states import FINISHED, State
from tests.brokers import broker_at
from tests.gpu_worker.plant import (
    LEASE,
    PATIENCE,
    Plant,
    caught_in_the_act,
    eventually,
    examine_another,
    finished,
    generate,
    joined,
    lineup_with_suspect,
    reap_until_finished,
    running_plant,
)
from tests.lineups.sockets import Socket

pytestmark = [pytest.mark.process, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def plant(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    """The broker and the worker."""
    with running_plant(tmp_path_factory.mktemp("plant"), "interactive") as plant:
        yield plant


@pytest.fixture(autouse=True)
def _joined(plant: Plant, settings: Any) -> Iterator[None]:
    """This process is the web server."""
    with joined(plant, settings):
        yield


@pytest.fixture
def desk(
    officer: User, browser_as: Callable[[User], Client], api_as: Callable[[User], APIClient]
) -> APIClient:
    """The officer's browser."""
    return api_as(officer)


@pytest.fixture
def lineup(desk: APIClient) -> Lineup:
    """A lineup with a suspect that the worker has found in a photograph."""
    return lineup_with_suspect(desk)


def test_a_photograph_becomes_a_page_of_faces(desk: APIClient, lineup: Lineup) -> None:
    job_id = generate(desk, lineup)
    job = eventually(lambda: finished(desk, job_id))

    page = desk.get(f"/api/v1/pages/{job['page']}/").json()
    assert job["state"] == "succeeded"
    assert len(page["faces"]) == 12
    assert all(desk.get(face["image"]).content.startswith(b"\x89PNG") for face in page["faces"])
    assert len({face["sha256"] for face in page["faces"]}) == 12


def test_a_job_tells_how_long_each_of_its_stages_took(desk: APIClient, lineup: Lineup) -> None:
    began = time.perf_counter()
    job_id = generate(desk, lineup)
    job = eventually(lambda: finished(desk, job_id))
    whole = time.perf_counter() - began

    stages = job["timings"]
    assert {"wait", "generate", "save"} <= stages.keys()
    assert stages["generate"] > stages["save"]  # the model is the work
    assert sum(stages.values()) <= whole


def test_progress_reaches_the_browser_while_the_worker_computes(
    desk: APIClient, lineup: Lineup, officer: User
) -> None:
    cookie = desk.cookies[django_settings.SESSION_COOKIE_NAME].value
    headers = [
        (b"host", b"localhost"),
        (b"origin", b"http://localhost"),
        (b"cookie", f"{django_settings.SESSION_COOKIE_NAME}={cookie}".encode()),
    ]

    async def watch() -> list[dict[str, Any]]:
        opened = Socket(application, f"/ws/lineups/{lineup.pk}/", headers)
        assert await opened.connect()
        assert (await opened.news())["type"] == "snapshot"
        job_id = await sync_to_async(generate)(desk, lineup)
        told: list[dict[str, Any]] = []
        while not told or told[-1]["state"] not in FINISHED:
            news = await opened.news()
            if news["type"] == "job" and news["job"]["id"] == job_id:
                told.append(news["job"])
        await opened.leave()
        return told

    told = asyncio.run(asyncio.wait_for(watch(), PATIENCE))

    assert told[-1]["state"] == "succeeded"
    assert [job["sequence"] for job in told] == sorted({job["sequence"] for job in told})
    assert {"generate", "save"} <= {job["stage"] for job in told}


def test_a_worker_that_has_served_a_page_never_loaded_tensorflow_and_fits_the_memory(
    plant: Plant, desk: APIClient, lineup: Lineup
) -> None:
    def loaded(process: psutil.Process, library: str) -> bool:
        return any(library in mapped.path for mapped in process.memory_maps())

    job_id = generate(desk, lineup)
    eventually(lambda: finished(desk, job_id))

    assert loaded(plant.child, "openvino")
    assert not loaded(psutil.Process(plant.worker.pid), "openvino")
    assert not loaded(plant.child, "libtensorflow")
    assert plant.child.memory_info().rss < 1e9


def test_a_job_whose_worker_is_killed_is_done_by_the_next_one(
    plant: Plant, desk: APIClient, lineup: Lineup
) -> None:
    job_id, victim = caught_in_the_act(plant, desk, lineup)
    victim.kill()

    job = reap_until_finished(desk, job_id)

    assert job["state"] == "succeeded"
    attempts = Job.objects.get(pk=job_id).attempts.order_by("started")
    assert list(attempts.values_list("outcome", flat=True)) == ["lost", "succeeded"]
    assert Page.objects.filter(job__pk=job_id).count() == 1


def test_a_worker_that_slept_through_its_lease_wakes_up_and_writes_nothing(
    plant: Plant, desk: APIClient, lineup: Lineup
) -> None:
    job_id, sleeper = caught_in_the_act(plant, desk, lineup)
    try:
        reaper.reap(timezone.now() + timedelta(seconds=LEASE + 1))
        heir = Job.objects.get(pk=job_id)
        leases.claim(heir.pk, heir.attempt, worker="heir")
    finally:
        sleeper.resume()
    other = examine_another(desk, lineup)  # the sleeper has dealt with its old job before it takes this one

    assert finished(desk, other)["state"] == "succeeded"
    held = Job.objects.get(pk=job_id)
    assert (held.state, held.attempt, held.attempts_made) == (State.RUNNING, heir.attempt, 2)
    assert not Page.objects.filter(job__pk=job_id).exists()


def test_a_job_whose_message_got_lost_is_sent_again_and_done(desk: APIClient, lineup: Lineup) -> None:
    with broker_at("memory://"):  # a broker that forgets
        job_id = generate(desk, lineup)

    assert reaper.reap(timezone.now() + reaper.UNCLAIMED + timedelta(seconds=1)).sent_again == 1

    assert eventually(lambda: finished(desk, job_id))["state"] == "succeeded"


def test_a_cancelled_job_ends_cancelled(plant: Plant, desk: APIClient, lineup: Lineup) -> None:
    child = plant.child
    child.suspend()
    try:
        job_id = generate(desk, lineup)
        answer = desk.post(f"/api/v1/jobs/{job_id}/cancel/")
    finally:
        child.resume()

    assert answer.status_code == 202
    assert eventually(lambda: finished(desk, job_id))["state"] == "cancelled"
    assert not lineup.pages.exists()
