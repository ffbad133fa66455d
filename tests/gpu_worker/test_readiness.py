"""The site knows at any time whether a worker can do something, and if not, why."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from gpu_worker.loading import Models
from gpu_worker.readiness import NotLoaded, Readiness
from lineups import status
from lineups.capabilities import Capabilities, Lock
from lineups.models import WorkerStatus
from tests.gpu_worker.conftest import until
from tests.gpu_worker.stepping_engine import SteppingEngine
from tests.gpu_worker.tiny_engine import Marks

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[..., Readiness]


@pytest.fixture
def start(settings: Any) -> Iterator[Start]:
    """Starts workers that beat fast, and ends them."""
    settings.LIGAN_HEARTBEAT_SECONDS = 1.0
    started: list[Readiness] = []

    def begin(load: Callable[[], Models], queues: tuple[str, ...] = ("interactive",)) -> Readiness:
        worker = Readiness("worker@here", queues, load)
        started.append(worker)
        worker.start()
        return worker

    yield begin
    for worker in started:
        worker.stop()


def models() -> Models:
    return Models(SteppingEngine(), Marks(), "this process")


def test_a_worker_is_loading_until_it_is_ready(start: Start) -> None:
    loaded = threading.Event()

    def slowly() -> Models:
        loaded.wait(30)
        return models()

    start(slowly)
    until(lambda row: not row.ready)
    assert status.current().reason == status.LOADING

    loaded.set()
    ready = until(lambda row: row.ready)
    assert (ready.bundle, ready.device, ready.queues) == ("0" * 64, "this process", ["interactive"])
    assert status.current().ready


def test_a_worker_that_cannot_load_says_why_and_is_never_ready(start: Start) -> None:
    def refuse() -> Models:
        raise NotLoaded("The bundle demo cannot be used: bundle.json is missing.")

    worker = start(refuse)
    until(lambda row: "missing" in row.detail)

    assert not status.current().ready
    assert status.current().reason == "The bundle demo cannot be used: bundle.json is missing."
    with pytest.raises(NotLoaded):
        worker.models()


def test_an_unforeseen_error_while_loading_is_not_shown_to_officers(start: Start) -> None:
    def trip() -> Models:
        raise ZeroDivisionError("secret detail")

    start(trip)

    assert "secret" not in until(lambda row: "log" in row.detail).detail


def test_a_worker_keeps_telling_that_it_is_there(start: Start) -> None:
    start(models)
    first = until(lambda row: row.ready).last_seen

    assert until(lambda row: row.last_seen > first).ready


def test_a_worker_whose_queues_get_no_jobs_loads_nothing(start: Start) -> None:
    def never() -> Models:
        raise AssertionError("nothing was to be loaded")

    start(never, ("spare",))

    assert not until(lambda row: bool(row.detail)).ready
    assert status.current().reason == status.NO_WORKER


def test_a_worker_that_only_refines_is_ready_at_once_and_loads_with_its_first_job(start: Start) -> None:
    loads: list[None] = []

    def load() -> Models:
        loads.append(None)
        return models()

    worker = start(load, ("refine",))
    assert until(lambda row: row.ready).bundle == ""
    assert (status.current().refining.ready, status.current().ready, loads) == (True, False, [])

    assert worker.models() is worker.models()
    assert loads == [None]
    assert until(lambda row: bool(row.bundle)).ready


def test_what_may_be_asked_of_the_models_is_told_with_their_worker(start: Start) -> None:
    able = Capabilities(locks=[Lock("beard", ["yes", "no"])], adjustments=["age"])

    start(lambda: replace(models(), capabilities=able))
    until(lambda row: row.ready)

    assert status.current().capabilities == able


def test_a_worker_that_ends_in_good_order_is_gone_at_once(start: Start) -> None:
    worker = start(models)
    until(lambda row: row.ready)

    worker.stop()

    assert not WorkerStatus.objects.exists()
    assert status.current().reason == status.NO_WORKER
