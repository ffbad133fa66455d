"""A cancelled job ends, whatever it was doing."""

import pytest

from accounts.models import User
from lineups.errors import (
    JobFinished,
    NotAllowed,
    StaleMessage,
)
from lineups.models import Face, Job, Lineup, Page, Slot
from lineups.services import jobs, leases, photos
from lineups.states import State
from tests.lineups.conftest import photograph, seen, take


def test_a_waiting_job_is_cancelled_at_once_and_no_worker_gets_it(job: Job, officer: User) -> None:
    assert jobs.request_cancel(job, by=officer).state == State.CANCELLED

    with pytest.raises(StaleMessage):
        take(job)


def test_a_running_job_is_asked_to_stop_and_its_worker_hears_of_it(job: Job, officer: User) -> None:
    lease = take(job)
    assert leases.heartbeat(lease) is False

    assert jobs.request_cancel(seen(job), by=officer).state == State.RUNNING

    assert leases.heartbeat(lease) is True
    leases.cancel(lease, timings={"generate": 0.2})
    assert (seen(job).state, seen(job).timings) == (State.CANCELLED, {"generate": 0.2})


def test_cancelling_twice_is_the_same_as_once(job: Job, officer: User) -> None:
    take(job)
    first = jobs.request_cancel(seen(job), by=officer)

    assert jobs.request_cancel(first, by=officer).sequence == first.sequence


def test_a_finished_job_cannot_be_cancelled(page: Page, officer: User) -> None:
    with pytest.raises(JobFinished):
        jobs.request_cancel(page.job, by=officer)


def test_only_the_officer_who_made_the_lineup_cancels_its_jobs(
    job: Job, supervisor: User, colleague: User
) -> None:
    for stranger in (supervisor, colleague):
        with pytest.raises(NotAllowed):
            jobs.request_cancel(job, by=stranger)
    assert seen(job).state == State.QUEUED


def test_removing_a_photograph_cancels_its_examination(draft: Lineup, officer: User) -> None:
    photo, job = photos.add(draft, photograph(1), slot=Slot.SUSPECT, by=officer)

    photos.remove(photo, by=officer)

    assert seen(job).state == State.CANCELLED


def test_removing_a_photograph_cancels_the_refinement_by_it(
    refining: Job, suspect: Face, officer: User
) -> None:
    photo = suspect.photo
    assert photo is not None

    photos.remove(photo, by=officer)

    assert seen(refining).state == State.CANCELLED
