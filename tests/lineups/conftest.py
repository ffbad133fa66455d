"""Lineups in the states that tests start from, made by the services themselves."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from channels.layers import channel_layers
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from lineups import png
from lineups.capabilities import Capabilities, Lock
from lineups.models import Face, Job, Lineup, Page, Photo, Refinement, Slot, WorkerStatus
from lineups.recipes import Recipe, pack
from lineups.services import exports, leases, lineups, members, pages, photos, refinements, workers
from lineups.services.leases import Lease
from lineups.services.pages import NewFace
from lineups.services.refinements import NewRefinement

BUNDLE = "b" * 64
SIDE = 64


def picture(seed: int, side: int = SIDE) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Pixels that no other seed has."""
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)


def some_recipe(seed: int = 0, refinement: str | None = None, **origin: Any) -> Recipe:
    """A recipe with a latent of the demo's size."""
    w_plus = np.random.default_rng(seed).standard_normal((10, 512)).astype(np.float32)
    return Recipe(BUNDLE, pack(w_plus), seed, refinement, origin)


# What a bundle predicts of a face, and what it says of how reliable that is (nothing about beards).
PREDICTED: dict[str, Any] = {
    "sex": {"value": "female", "confidence": 0.98},
    "age_group": {"value": "30-39", "confidence": 0.41},
    "beard": {"value": False, "confidence": 0.99},
}
HEADS = "rendered heads held out of training"
RELIABILITY: dict[str, Any] = {
    "sex": {"accuracy": 0.975, "n": 320, "measured_on": HEADS, "by_group": {"age_group": {"20-29": 1.0}}},
    "age_group": {"accuracy": 0.61, "n": 318, "measured_on": HEADS, "near": 0.91, "by_group": {}},
}


# What may be asked of the bundle's faces.
CAPABILITIES = Capabilities(
    locks=[Lock("sex", ["same", "male", "female"], "same"), Lock("beard", ["same", "yes", "no"], "same")],
    adjustments=["age"],
)
# How the status is told with these two workers, ready.
READY: dict[str, Any] = {
    "ready": True,
    "reason": None,
    "refining": {"ready": True, "reason": None, "least_seconds": 60, "most_seconds": 600},
    "casework": False,
    "abilities": {
        "locks": [
            {"name": "sex", "values": ["same", "male", "female"], "usual": "same"},
            {"name": "beard", "values": ["same", "yes", "no"], "usual": "same"},
        ],
        "adjustments": ["age"],
        "fitness": {"casework": False, "figures": {}},
        "source": "generator",
        "others": [],
    },
}


def new_face(
    seed: int, similarity: float = 0.9, *, attributes: Any = None, refinement: str | None = None
) -> NewFace:
    """A face as a worker hands it over."""
    kept = some_recipe(seed, refinement)
    return NewFace(png.encode(picture(seed)), (SIDE, SIDE), kept, similarity, attributes, realism=0.8)


def new_refinement(*crops: Face, seed: int = 0, started_from: Refinement | None = None) -> NewRefinement:
    """What a worker reached."""
    file = b"weights %d" % seed
    digest = hashlib.sha256(file).hexdigest()
    return NewRefinement(file, digest, BUNDLE, crops, started_from, seconds=60.0, notes={"method": "pivotal"})


def take(job: Job, worker: str = "interactive@test") -> Lease:
    """Claim ``job`` as a worker does."""
    leases.claim(job.pk, job.attempt, worker=worker)
    return Lease(job.pk, job.attempt)


def photograph(seed: int) -> bytes:
    """A photograph as it comes in."""
    return png.encode(picture(seed, 96))


LEASE = timedelta(seconds=django_settings.LIGAN_LEASE_SECONDS)
A_MOMENT = timedelta(seconds=1)


def after_the_lease() -> Any:
    return timezone.now() + LEASE + A_MOMENT


def seen(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


@pytest.fixture(autouse=True)
def _media_of_this_test(settings: Any, tmp_path: Path) -> None:
    """Each test keeps its pictures in a folder of its own, and starts with an empty cache."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "media"},
        },
    }
    cache.clear()


@pytest.fixture
def draft(officer: User) -> Lineup:
    """An empty lineup of the officer."""
    return lineups.create(case_reference="KRPA-1/2026", title="Burglary in Long Street", by=officer)


@pytest.fixture
def ready_worker(db: None) -> None:
    """A worker that is ready, for however long the test takes on a busy machine."""
    workers.report(
        "interactive@test", queues=["interactive"], ready=True, bundle=BUNDLE, capabilities=CAPABILITIES
    )
    WorkerStatus.objects.update(last_seen=timezone.now() + timedelta(hours=1))


@pytest.fixture
def ready_refiner(db: None) -> None:
    """A worker that refines, likewise."""
    workers.report("refine@test", queues=["refine"], ready=True)
    WorkerStatus.objects.filter(name="refine@test").update(last_seen=timezone.now() + timedelta(hours=1))


@pytest.fixture
def examine(officer: User) -> Callable[..., Photo]:
    """Uploads a photograph and finds the face in it."""

    def upload(
        lineup: Lineup,
        *,
        slot: Slot = Slot.SUSPECT,
        seed: int = 1,
        outside: float = 0.0,
        predicts: bool = False,
    ) -> Photo:
        photo, job = photos.add(lineup, photograph(seed), slot=slot, by=officer)
        photos.examined(
            take(job),
            photo,
            png.encode(picture(seed)),
            size=(SIDE, SIDE),
            recipe=some_recipe(seed, box=[1, 2, 3, 4], confidence=0.99, outside=outside),
            attributes=PREDICTED if predicts else None,
            reliability=RELIABILITY if predicts else None,
            timings={"detect": 0.1},
        )
        return Photo.objects.select_related("face").get(pk=photo.pk)

    return upload


@pytest.fixture
def suspect(draft: Lineup, examine: Callable[..., Photo]) -> Face:
    """The suspect's face: the photograph of slot 1, examined."""
    return examine(draft).face


@pytest.fixture
def make_page(officer: User, ready_worker: None) -> Callable[..., Page]:
    """Generates a page of faces."""

    def generate(
        lineup: Lineup, face: Face, *, count: int = 3, seed: int = 100, predicts: bool = False
    ) -> Page:
        job = pages.generate(lineup, face=face.pk, seed=seed, by=officer)
        said = PREDICTED if predicts else None
        made = [new_face(seed + number, 0.9 - number / 100, attributes=said) for number in range(count)]
        reliability = RELIABILITY if predicts else None
        return pages.keep(take(job), made, reliability=reliability, timings={"generate": 0.5})

    return generate


@pytest.fixture
def refining(draft: Lineup, suspect: Face, ready_refiner: None, officer: User) -> Job:
    """A waiting refinement by the suspect's photograph."""
    return refinements.refine(draft, faces=[suspect.pk], seconds=60, by=officer)


@pytest.fixture
def refined(refining: Job, suspect: Face) -> Page:
    """The page of a refinement that has ended."""
    new = new_refinement(suspect)
    made = [new_face(number, refinement=new.digest) for number in (400, 401)]
    return refinements.keep(take(refining), new, made, timings={"refine": 60.0})


@pytest.fixture
def page(draft: Lineup, suspect: Face, make_page: Callable[..., Page]) -> Page:
    """A page of faces like the suspect's."""
    return make_page(draft, suspect)


@pytest.fixture
def complete(draft: Lineup, page: Page, officer: User) -> Lineup:
    """A lineup with a suspect and two fillers."""
    for face in page.faces.order_by("position")[:2]:
        members.add(draft, face, by=officer)
    return draft


@pytest.fixture
def saved(complete: Lineup, officer: User) -> Lineup:
    """A lineup that was saved."""
    exports.save(complete, by=officer)
    return Lineup.objects.get(pk=complete.pk)


@pytest.fixture
def api(officer: User, api_as: Callable[[User], APIClient]) -> APIClient:
    """The officer's browser."""
    return api_as(officer)


@pytest.fixture
def job(draft: Lineup, suspect: Face, ready_worker: None, officer: User) -> Job:
    """A waiting job that will make a page."""
    return pages.generate(draft, face=suspect.pk, by=officer)


@pytest.fixture(autouse=True)
def _a_layer_of_its_own() -> Iterator[None]:
    """The in-memory layer keeps the groups of earlier tests otherwise."""
    channel_layers.backends.clear()
    yield
    channel_layers.backends.clear()


@pytest.fixture
def desk(officer: User, browser_as: Callable[[User], Client]) -> Client:
    """The officer's browser."""
    return browser_as(officer)
