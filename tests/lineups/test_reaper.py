"""A job whose worker died is taken up again, or given up with a reason."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from lineups.models import Attempt, Job
from lineups.services import jobs, leases, reaper
from lineups.states import Outcome, State
from tests.lineups.conftest import (
    A_MOMENT,
    LEASE,
    after_the_lease,
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
