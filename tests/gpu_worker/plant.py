"""A broker and a worker as processes of their own, and an officer's browser that gives them work."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from channels.layers import channel_layers
from django.db import OperationalError, connections, transaction
from rest_framework.test import APIClient

from ligan_site.broker import broker_url
from ligan_site.up import programs, valkey
from lineups import status
from lineups.models import Job, Lineup
from lineups.services import reaper
from lineups.states import FINISHED, State
from tests.brokers import broker_at

PHOTOGRAPH = Path(__file__).parent.parent / "fixtures" / "heads" / "20160.jpg"
LEASE = 3
HEARTBEAT = 1
PATIENCE = 120.0


def eventually(told: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """What ``told`` says, as soon as it says something."""
    until = time.monotonic() + patience
    while not (answer := told()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)
    return answer


@dataclass
class Plant:
    """A broker and a worker of the queue `interactive`, or of others too."""

    folder: Path
    environment: dict[str, str]
    broker: subprocess.Popen[bytes]
    workers: dict[str, subprocess.Popen[bytes]]

    @property
    def worker(self) -> subprocess.Popen[bytes]:
        """The worker that everybody waits for."""
        return self.workers["interactive"]

    @property
    def child(self) -> psutil.Process:
        """Its forked process, which holds the models."""
        return self.child_of("interactive")

    def child_of(self, queue: str) -> psutil.Process:
        """The forked process of the worker of ``queue``."""
        found: psutil.Process = eventually(lambda: psutil.Process(self.workers[queue].pid).children())[0]
        return found

    def ready(self) -> None:
        """Wait until the worker says so."""
        eventually(lambda: status.current().ready)


@contextmanager
def running_plant(folder: Path, *queues: str, **environment: str) -> Iterator[Plant]:
    """Processes as `manage.py up` starts them, on the database of the tests."""
    socket = folder / "v.sock"
    url = f"unix://{socket}"
    settings = os.environ | {
        "DATABASE_URL": f"sqlite:///{connections['default'].settings_dict['NAME']}",
        "MEDIA_ROOT": str(folder / "media"),
        "REDIS_URL": url,
        "LIGAN_LEASE_SECONDS": str(LEASE),
        "LIGAN_HEARTBEAT_SECONDS": str(HEARTBEAT),
        "DJANGO_SETTINGS_MODULE": "ligan_site.settings",
        **environment,
    }
    broker = subprocess.Popen(valkey.program(socket).command)
    eventually(lambda: valkey.answers(url))
    started = dict(zip(programs.QUEUES, programs.workers(), strict=True))
    workers = {
        queue: subprocess.Popen(started[queue].command, env=settings | dict(started[queue].environment))
        for queue in queues
    }
    try:
        yield Plant(folder, settings, broker, workers)
    finally:
        for worker in workers.values():
            worker.send_signal(signal.SIGTERM)
        try:
            for worker in workers.values():
                worker.wait(120)
        finally:
            broker.send_signal(signal.SIGTERM)
            broker.wait(10)


@contextmanager
def joined(plant: Plant, settings: Any) -> Iterator[None]:
    """Let this process, as the web server, use the same broker, folder and intervals."""
    url = plant.environment["REDIS_URL"]
    settings.LIGAN_LEASE_SECONDS, settings.LIGAN_HEARTBEAT_SECONDS = LEASE, HEARTBEAT
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": plant.folder / "media"},
        },
    }
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [url], "prefix": "ligan"},
        }
    }
    channel_layers.backends.clear()
    with broker_at(broker_url(url)):
        plant.ready()
        yield
    channel_layers.backends.clear()


def lineup_with_suspect(desk: APIClient) -> Lineup:
    """A lineup with a suspect that the worker has found in a photograph."""
    new = {"case_reference": "KRPA-1/2026", "title": "Burglary"}
    pk = desk.post("/api/v1/lineups/", new, format="json").json()["id"]
    with PHOTOGRAPH.open("rb") as file:
        job = desk.post(f"/api/v1/lineups/{pk}/photos/", {"file": file, "slot": 1}).json()["job"]
    ended = eventually(lambda: finished(desk, job["id"]))
    assert ended["state"] == "succeeded", ended
    return Lineup.objects.get(pk=pk)


def finished(desk: APIClient, job_id: str) -> Any:
    job = desk.get(f"/api/v1/jobs/{job_id}/").json()
    return job if job["state"] in FINISHED else None


def generate(desk: APIClient, lineup: Lineup, face: object = None) -> str:
    """The job of a page like ``face``, or like the suspect."""
    face = str(face or lineup.members.get().face_id)
    response = desk.post(
        f"/api/v1/lineups/{lineup.pk}/jobs/", {"kind": "generate", "face": face}, format="json"
    )
    assert response.status_code == 202, response.content
    return str(response.json()["id"])


def reap_until_finished(desk: APIClient, job_id: str) -> Any:
    """The reaper at work, as every five seconds, until the job has ended."""

    def reaped() -> Any:
        reaper.reap()
        return finished(desk, job_id)

    return eventually(reaped)


def nobody_writes() -> bool:
    """Whether the database can be written: a process that was stopped in a transaction keeps its lock."""
    with connections["default"].cursor() as cursor:
        (patience,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 200")
        try:
            with transaction.atomic():
                return True
        except OperationalError:
            return False
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")


def caught_in_the_act(plant: Plant, desk: APIClient, lineup: Lineup) -> tuple[str, psutil.Process]:
    """A running job and its worker's process, stopped in the middle of it between two transactions."""
    while True:
        job_id, child = generate(desk, lineup), plant.child
        eventually(lambda job_id=job_id: Job.objects.get(pk=job_id).state != State.QUEUED)  # type: ignore[misc]
        child.suspend()
        if nobody_writes() and Job.objects.get(pk=job_id).state == State.RUNNING:
            return job_id, child
        child.resume()
        eventually(lambda job_id=job_id: finished(desk, job_id))  # type: ignore[misc]


def examine_another(desk: APIClient, lineup: Lineup) -> str:
    """A job that the worker has done: the same photograph examined as second input."""
    with PHOTOGRAPH.open("rb") as file:
        response = desk.post(f"/api/v1/lineups/{lineup.pk}/photos/", {"file": file, "slot": 2})
    job_id = str(response.json()["job"]["id"])
    eventually(lambda: finished(desk, job_id))
    return job_id
