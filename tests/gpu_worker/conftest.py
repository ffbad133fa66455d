"""A worker in this process, with an engine that needs no network."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import User
from gpu_worker import readiness, tasks
from gpu_worker.loading import Models
from gpu_worker.readiness import Readiness
from lineups import png
from lineups.models import Face, Job, Lineup, Photo, Slot, WorkerStatus
from lineups.services import lineups, pages, photos
from tests.gpu_worker.stepping_engine import SteppingEngine
from tests.gpu_worker.tiny_engine import Marks, portrait

FACE = (60, 50, 80, 100)

Work = Callable[[Job], Job]


def until(told: Callable[[WorkerStatus], bool], *, name: str = "worker@here") -> WorkerStatus:
    """The worker's row, as soon as it says what is waited for (the test's time limit ends the wait)."""
    while True:
        row = WorkerStatus.objects.filter(name=name).first()
        if row is not None and told(row):
            return row


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """A folder for this test's pictures, and an empty cache."""
    folder = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder},
        },
    }
    cache.clear()
    return folder


@pytest.fixture
def draft(officer: User, media: Path) -> Lineup:
    """An empty lineup of the officer."""
    return lineups.create(case_reference="KRPA-1/2026", title="Burglary", by=officer)


@pytest.fixture
def engine() -> SteppingEngine:
    """The worker's engine."""
    return SteppingEngine()


@pytest.fixture
def detector() -> Marks:
    """The worker's detector: sees one face."""
    return Marks(FACE)


@pytest.fixture
def worker(db: None, engine: SteppingEngine, detector: Marks) -> Iterator[Readiness]:
    """A worker that has loaded its models and has said so."""
    models = Models(engine, detector, "this process")
    ready = Readiness("interactive@here", ("interactive",), lambda: models)
    ready.start()
    until(lambda row: row.ready, name=ready.name)
    readiness.serve(ready)
    yield ready
    readiness.serve(None)
    ready.stop()


@pytest.fixture
def work() -> Work:
    """Gives a job's message to the worker, as Celery does."""

    def deliver(job: Job) -> Job:
        tasks.run.apply(args=(str(job.pk), str(job.attempt)), throw=True)
        return Job.objects.get(pk=job.pk)

    return deliver


@pytest.fixture
def upload(draft: Lineup, officer: User) -> Callable[..., tuple[Photo, Job]]:
    """Uploads a photograph."""

    def add(seed: int = 1, slot: Slot = Slot.SUSPECT) -> tuple[Photo, Job]:
        return photos.add(draft, png.encode(portrait(seed)), slot=slot, by=officer)

    return add


@pytest.fixture
def suspect(upload: Callable[..., tuple[Photo, Job]], work: Work, worker: Readiness) -> Face:
    """The suspect's face, found by the worker."""
    photo, job = upload()
    work(job)
    return Face.objects.get(photo=photo)


@pytest.fixture
def job(draft: Lineup, suspect: Face, officer: User) -> Job:
    """A page to make."""
    return pages.generate(draft, face=suspect.pk, seed=7, by=officer)
