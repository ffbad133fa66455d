"""A broker and a worker as processes of their own, and an officer's browser that gives them work."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from django.db import OperationalError, connections, transaction
from rest_framework.test import APIClient

from lineups import status
from lineups.models import Job, Lineup
from lineups.services import reaper
from lineups.states import FINISHED, State

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
    """A broker and one worker of the queue `interactive`."""

    folder: Path
    environment: dict[str, str]
    broker: subprocess.Popen[bytes]
    worker: subprocess.Popen[bytes]

    @property
    def child(self) -> psutil.Process:
        """The forked process that holds the models."""
        found: psutil.Process = eventually(lambda: psutil.Process(self.worker.pid).children())[0]
        return found

    def ready(self) -> None:
        """Wait until the worker says so."""
        eventually(lambda: status.current().ready)


def finished(desk: APIClient, job_id: str) -> Any:
    job = desk.get(f"/api/v1/jobs/{job_id}/").json()
    return job if job["state"] in FINISHED else None


def generate(desk: APIClient, lineup: Lineup) -> str:
    face = lineup.members.get().face_id
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
