"""A job whose worker died is taken up again, or given up with a reason."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from lineups import png
from lineups.models import Attempt, Job, Refinement
from lineups.models.files import private_storage, refinement_path
from lineups.services import jobs, leases, previews, reaper
from lineups.states import Outcome, State
from tests.lineups.conftest import (
    A_MOMENT,
    LEASE,
    after_the_lease,
    picture,
    seen,
    take,
)


def test_the_job_of_a_dead_worker_goes_back_to_the_queue_under_a_new_attempt(job: Job) -> None:
    lost = take(job)
    leases.report(lost, progress=0.5, stage="generate")

    assert reaper.reap(after_the_lease()).requeued == 1

    again = seen(job)
    assert (again.state, again.progress, again.stage, again.started) == (State.QUEUED, 0.0, "", None)
    assert again.attempt != lost.attempt
    assert Attempt.objects.get(pk=lost.attempt).outcome == Outcome.LOST


def test_a_job_that_kills_its_worker_three_times_is_given_up_with_a_reason(job: Job) -> None:
    for _ in range(3):
        take(seen(job))
        reaper.reap(after_the_lease())

    ended = seen(job)
    assert (ended.state, ended.reason_code, ended.attempts_made) == (State.FAILED, "worker_lost", 3)
    assert "3 times" in ended.reason
    assert ended.finished is not None


def test_a_worker_that_keeps_its_heartbeat_keeps_its_job_however_long_it_takes(job: Job) -> None:
    lease = take(job)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() + A_MOMENT)
    leases.heartbeat(lease)

    assert not reaper.reap(timezone.now() + LEASE - A_MOMENT)
    assert seen(job).state == State.RUNNING


def test_a_heartbeat_that_came_meanwhile_wins_over_the_reaper(job: Job) -> None:
    lease = take(job)
    now = timezone.now() + timedelta(seconds=2)
    Job.objects.filter(pk=job.pk).update(lease_until=now - A_MOMENT)
    stale = seen(job)
    leases.heartbeat(lease)

    reaped = reaper.Reaped()
    reaper._take_back(stale, now, reaped)

    assert not reaped
    assert seen(job).state == State.RUNNING


def test_a_job_that_was_to_be_cancelled_when_its_worker_died_is_cancelled(job: Job, officer: User) -> None:
    take(job)
    jobs.request_cancel(seen(job), by=officer)

    assert reaper.reap(after_the_lease()).cancelled == 1
    assert seen(job).state == State.CANCELLED
    assert job.attempts.get().outcome == Outcome.LOST


def test_a_refinement_that_was_to_end_early_when_its_worker_died_says_that_nothing_was_kept(
    refining: Job, officer: User
) -> None:
    take(refining)
    jobs.request_stop(seen(refining), by=officer)

    assert reaper.reap(after_the_lease()).failed == 1
    ended = seen(refining)
    assert (ended.state, ended.reason_code) == (State.FAILED, "worker_lost")
    assert ended.reason.startswith("The worker stopped before it could keep")


def test_what_a_dead_worker_has_written_is_removed_with_its_attempt(
    refining: Job, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    lease = take(refining)
    previews.show(lease, png.encode(picture(1)))
    half = private_storage().save(
        refinement_path(Refinement(attempt=lease.attempt), ""), ContentFile(b"half of it")
    )
    other = private_storage().save(refinement_path(Refinement(attempt=uuid4()), ""), ContentFile(b"another"))

    with django_capture_on_commit_callbacks(execute=True):
        reaper.reap(after_the_lease())

    folder = settings.STORAGES["default"]["OPTIONS"]["location"]
    assert seen(refining).preview == ""
    assert not list((folder / "previews").iterdir())
    assert not private_storage().exists(half)
    assert private_storage().exists(other)
