"""A job goes only where the table of states lets it go."""

from uuid import UUID, uuid4

import pytest
from django.db import transaction

from accounts.models import User
from lineups.errors import (
    IllegalTransition,
    JobRunning,
    StaleMessage,
)
from lineups.models import Face, Job, Lineup
from lineups.services import jobs, leases, lineups, pages
from lineups.states import TRANSITIONS, Kind, State
from tests.lineups.conftest import new_face, seen, take


def brought_to(job: Job, state: State, officer: User) -> Job:
    if state in {State.RUNNING, State.SUCCEEDED, State.FAILED}:
        lease = take(job)
        if state is State.SUCCEEDED:
            pages.keep(lease, [new_face(1)], timings={})
        if state is State.FAILED:
            leases.fail(lease, code="x", reason="X.", timings={})
    if state is State.CANCELLED:
        jobs.request_cancel(job, by=officer)
    return seen(job)


@pytest.mark.parametrize("end", list(State))
@pytest.mark.parametrize("start", list(State))
def test_a_job_goes_only_along_the_arrows_of_the_table(
    job: Job, start: State, end: State, officer: User
) -> None:
    job = brought_to(job, start, officer)
    assert job.state == start

    moved = Job.objects.filter(pk=job.pk).move(end)

    assert bool(moved) == (end in TRANSITIONS[start])
    assert seen(job).sequence == job.sequence + moved


def test_the_state_cannot_be_written_past_the_table(job: Job) -> None:
    job.state = State.SUCCEEDED
    with pytest.raises(IllegalTransition):
        job.save()
    with pytest.raises(IllegalTransition):
        Job.objects.filter(pk=job.pk).update(state=State.SUCCEEDED)
    with pytest.raises(IllegalTransition), transaction.atomic():
        Job.objects.bulk_update([job], ["state"])
    with pytest.raises(IllegalTransition):
        Job(lineup=job.lineup, kind=Kind.GENERATE, request={}, state=State.RUNNING).save()
    assert seen(job).state == State.QUEUED


def test_a_lineup_is_not_saved_while_one_of_its_jobs_is_unfinished(job: Job, officer: User) -> None:
    from lineups.services import exports

    with pytest.raises(JobRunning):
        exports.save(job.lineup, by=officer)


def test_an_attempt_that_never_was_gets_nothing(job: Job) -> None:
    with pytest.raises(StaleMessage):
        leases.claim(job.pk, uuid4(), worker="nobody")
    with pytest.raises(StaleMessage):
        leases.claim(UUID(int=0), job.attempt, worker="nobody")


def test_a_locked_lineup_takes_no_more_jobs(saved: Lineup, suspect: Face, officer: User) -> None:
    from lineups.errors import LineupLocked

    with pytest.raises(LineupLocked):
        pages.generate(saved, face=suspect.pk, by=officer)
    with pytest.raises(LineupLocked):
        lineups.change(saved, title="Another", by=officer)
