"""Progress is true; what is cancelled or lost stops; what is held is held."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from gpu_worker import lease
from gpu_worker.work import WORK
from lineups.models import Job, Page
from lineups.services import jobs, leases, reaper
from lineups.services.leases import Lease
from lineups.states import Outcome, State
from tests.gpu_worker.conftest import Work
from tests.gpu_worker.stepping_engine import SteppingEngine

pytestmark = pytest.mark.django_db(transaction=True)


def test_progress_is_true_and_written_at_most_four_times_a_second(
    job: Job, work: Work, engine: SteppingEngine
) -> None:
    seen: list[tuple[int, float]] = []

    def look(batch: int) -> None:
        row = Job.objects.get(pk=job.pk)
        seen.append((row.sequence, row.progress))

    engine.batches, engine.between = 200, look
    work(job)

    assert [progress for _, progress in seen] == sorted(progress for _, progress in seen)
    assert len({sequence for sequence, _ in seen}) < 20, "200 batches, some tens of milliseconds"


def test_a_cancelled_job_stops_between_two_batches_and_leaves_no_page(
    job: Job, work: Work, engine: SteppingEngine, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.0)
    done: list[int] = []

    def cancel_after_one(batch: int) -> None:
        done.append(batch)
        if batch == 1:
            jobs.request_cancel(Job.objects.get(pk=job.pk), by=officer)

    engine.between = cancel_after_one

    assert work(job).state == State.CANCELLED
    assert done == [0, 1]
    assert not Page.objects.filter(job=job).exists()
    assert job.attempts.get().outcome == Outcome.CANCELLED


def test_a_worker_that_lost_its_job_stops_and_the_heirs_page_is_the_only_one(
    job: Job, work: Work, engine: SteppingEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(lease, "REPORT_SECONDS", 60.0)

    def lose_after_one(batch: int) -> None:
        if batch == 1:
            reaper.reap(timezone.now() + timedelta(minutes=1))

    engine.between = lose_after_one
    left = work(job)
    assert left.state == State.QUEUED

    engine.between = lambda batch: None
    done = work(left)

    assert done.state == State.SUCCEEDED
    assert Page.objects.filter(lineup=job.lineup_id).count() == 1
    outcomes = job.attempts.order_by("started").values_list("outcome", flat=True)
    assert list(outcomes) == [Outcome.LOST, Outcome.SUCCEEDED]


def test_a_worker_that_lost_its_job_just_before_the_end_writes_nothing(
    job: Job, work: Work, engine: SteppingEngine, media: Any
) -> None:
    def lose_before_the_end(batch: int) -> None:
        if batch == engine.batches - 1:
            reaper.reap(timezone.now() + timedelta(minutes=1))
            leases.claim(job.pk, Job.objects.get(pk=job.pk).attempt, worker="heir")

    engine.between = lose_before_the_end
    before = set(media.rglob("*.png"))

    left = work(job)

    assert (left.state, left.attempts_made) == (State.RUNNING, 2)
    assert set(media.rglob("*.png")) == before


def test_the_heartbeat_holds_the_lease_for_as_long_as_the_work_takes(
    job: Job, work: Work, engine: SteppingEngine, settings: Any
) -> None:
    settings.LIGAN_HEARTBEAT_SECONDS = 0.02
    held: list[Any] = []

    def wait_for_a_heartbeat(batch: int) -> None:
        before = Job.objects.get(pk=job.pk).lease_until
        while (now := Job.objects.get(pk=job.pk).lease_until) == before:
            pass
        held.append(now)

    engine.between = wait_for_a_heartbeat

    assert work(job).state == State.SUCCEEDED
    assert held == sorted(held)


def test_a_cancellation_reaches_a_worker_that_never_asks_by_its_heartbeat(
    job: Job, engine: SteppingEngine, settings: Any, officer: User
) -> None:
    settings.LIGAN_HEARTBEAT_SECONDS = 0.02
    held = lease.HeldJob(leases.claim(job.pk, job.attempt, worker="here"), Lease(job.pk, job.attempt))
    with held.beating():
        jobs.request_cancel(Job.objects.get(pk=job.pk), by=officer)
        assert held._stop.wait(10)


def test_every_kind_of_job_has_its_work() -> None:
    from lineups.states import Kind

    assert set(WORK) == set(Kind)
