"""Refinement by a real worker with the models that ship, and what goes wrong meanwhile."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.audit.models import AuditEvent
from accounts.models import User
from lineups import status
from lineups.models import Face, Job, Lineup, Page, Refinement
from lineups.services import media as stray_files
from lineups.services import reaper
from lineups.states import FINISHED
from tests.gpu_worker.plant import (
    Plant,
    eventually,
    finished,
    generate,
    joined,
    lineup_with_suspect,
    running_plant,
)

pytestmark = [
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.django_db(transaction=True),
]

ROOT = Path(__file__).parents[2]
# Long enough for the steps to be traced on a busy machine; each test ends it when it has seen enough.
SECONDS = 600
SLOWLY = 500.0
# And long enough for a heartbeat to come through meanwhile; the reaper is told that it is over.
LONG_LEASE = 60


@pytest.fixture(scope="module")
def plant(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    """The broker and both workers."""
    folder = tmp_path_factory.mktemp("plant")
    with running_plant(folder, "interactive", "refine", LIGAN_LEASE_SECONDS=str(LONG_LEASE)) as plant:
        yield plant


@pytest.fixture(autouse=True)
def _joined(plant: Plant, settings: Any) -> Iterator[None]:
    """This process is the web server."""
    with joined(plant, settings):
        eventually(lambda: status.current().refining.ready)
        yield


@pytest.fixture
def desk(
    officer: User, browser_as: Callable[[User], Client], api_as: Callable[[User], APIClient]
) -> APIClient:
    """The officer's browser."""
    return api_as(officer)


@pytest.fixture
def lineup(desk: APIClient) -> Lineup:
    """A lineup with a suspect."""
    return lineup_with_suspect(desk)


def refine(desk: APIClient, lineup: Lineup) -> str:
    data = {"kind": "refine", "faces": [str(lineup.members.get().face_id)], "seconds": SECONDS}
    response = desk.post(f"/api/v1/lineups/{lineup.pk}/jobs/", data, format="json")
    assert response.status_code == 202, response.content
    return str(response.json()["id"])


def shown(desk: APIClient, job_id: str) -> str:
    """The address of a preview, as soon as there is one."""

    def preview() -> str | None:
        job = desk.get(f"/api/v1/jobs/{job_id}/").json()
        assert job["state"] not in FINISHED, job
        address: str | None = job["preview"]
        return address

    return str(eventually(preview, SLOWLY))


def content(desk: APIClient, job_id: str) -> Any:
    """The refinement's end, once it was asked to end early."""
    assert desk.post(f"/api/v1/jobs/{job_id}/stop/").status_code == 202
    return eventually(lambda: finished(desk, job_id), SLOWLY)


def regenerated(plant: Plant, face: Face, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What the command says, in a process that has nothing but the database and the media storage."""
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", "regenerate", str(face.pk), *arguments],
        env=plant.environment,
        capture_output=True,
        text=True,
        check=False,
    )


def written(plant: Plant, folder: str) -> list[Path]:
    place = plant.folder / "media" / folder
    return list(place.iterdir()) if place.exists() else []


def without_previews(plant: Plant) -> None:
    """Wait until no preview is left: they are removed a moment after others can see that the job ended."""
    eventually(lambda: not written(plant, "previews"))


def test_a_refinement_ends_in_a_page_whose_faces_another_process_makes_again_to_the_pixel(
    plant: Plant, desk: APIClient, lineup: Lineup, tmp_path: Path
) -> None:
    job_id = refine(desk, lineup)
    beside = generate(desk, lineup)
    assert eventually(lambda: finished(desk, beside))["state"] == "succeeded"
    assert not finished(desk, job_id), "a page was made while the refinement went on"
    assert desk.get(shown(desk, job_id)).content.startswith(b"\x89PNG")

    job = content(desk, job_id)

    assert job["state"] == "succeeded", job
    kept = Refinement.objects.get()
    assert (kept.notes["ended"], kept.seconds < SECONDS) == ("enough", True)
    assert kept.notes["after"]["pixel"] < kept.notes["before"]["pixel"]
    without_previews(plant)
    first = Page.objects.get(job__pk=job_id).faces.order_by("position")[0]
    next_id = generate(desk, lineup, first.pk)
    further = eventually(lambda: finished(desk, next_id))
    assert further["state"] == "succeeded", further
    later = Page.objects.get(pk=further["page"]).faces.order_by("position")[0]
    assert later.recipe["refinement"] == kept.digest
    for face in (first, later):
        again = regenerated(plant, face, "--json")
        assert again.returncode == 0, again.stderr
        assert json.loads(again.stdout)["verdict"] == "identical"
    assert AuditEvent.objects.filter(action="face.regenerated", outcome="ok").count() == 2


def test_a_refinement_whose_worker_is_killed_is_done_by_the_next_and_leaves_nothing_half_written(
    plant: Plant, desk: APIClient, lineup: Lineup
) -> None:
    job_id = refine(desk, lineup)
    first = shown(desk, job_id)
    plant.child_of("refine").kill()
    assert reaper.reap(timezone.now() + timedelta(seconds=LONG_LEASE + 1)).requeued == 1
    assert desk.get(first).status_code == 404

    shown(desk, job_id)
    job = content(desk, job_id)

    assert job["state"] == "succeeded", job
    attempts = Job.objects.get(pk=job_id).attempts.order_by("started")
    assert list(attempts.values_list("outcome", flat=True)) == ["lost", "succeeded"]
    kept = Refinement.objects.get(job__pk=job_id)
    named = [path.name for path in written(plant, "refinements") if path.name in str(kept.file.name)]
    assert len(named) == 1
    without_previews(plant)
    assert not stray_files.stray(age=stray_files.LEAST_AGE)


def test_a_cancelled_refinement_ends_cancelled_and_keeps_nothing(
    plant: Plant, desk: APIClient, lineup: Lineup
) -> None:
    job_id = refine(desk, lineup)
    shown(desk, job_id)

    assert desk.post(f"/api/v1/jobs/{job_id}/cancel/").status_code == 202

    assert eventually(lambda: finished(desk, job_id), SLOWLY)["state"] == "cancelled"
    assert not Refinement.objects.filter(job__pk=job_id).exists()
    without_previews(plant)
