"""What a worker writes about the job that it holds. Every write is fenced by the id of its attempt."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.audit import record
from accounts.audit.actions import Action
from lineups import actions
from lineups.errors import LostLease, StaleMessage
from lineups.live import announce_job
from lineups.models import Attempt, Job
from lineups.models.files import PREVIEWS
from lineups.models.job import JobQuerySet
from lineups.services.files import remove_of_attempt_after_commit
from lineups.states import Outcome, State


@dataclass(frozen=True)
class Lease:
    """A worker's hold on a job: ``attempt`` is the fence."""

    job_id: UUID
    attempt: UUID

    @property
    def held(self) -> JobQuerySet:
        """The job's row, as long as this attempt holds it; else no row."""
        return Job.objects.filter(pk=self.job_id, attempt=self.attempt, state=State.RUNNING)


@transaction.atomic
def claim(job_id: UUID, attempt: UUID, *, worker: str) -> Job:
    """Take the waiting job for ``worker``. Of many who try, one succeeds.

    Raises:
        StaleMessage: this attempt is not waiting (any more): claimed, cancelled or replaced.
    """
    now = timezone.now()
    waiting = Job.objects.filter(pk=job_id, attempt=attempt)
    if not waiting.move(
        State.RUNNING,
        started=now,
        lease_until=now + timedelta(seconds=settings.LIGAN_LEASE_SECONDS),
        attempts_made=F("attempts_made") + 1,
    ):
        raise StaleMessage
    job = Job.objects.select_related("lineup", "created_by").get(pk=job_id)
    Attempt.objects.create(id=attempt, job=job, worker=worker, started=now)
    record(actions.JOB_STARTED, on=job, data=_about(job, worker=worker))
    announce_job(job_id)
    return job


def heartbeat(lease: Lease) -> bool:
    """Hold the job for one more lease. True when the officer has asked to cancel it.

    Raises:
        LostLease: the job has been taken away.
    """
    until = timezone.now() + timedelta(seconds=settings.LIGAN_LEASE_SECONDS)
    if not lease.held.update(lease_until=until):
        raise LostLease
    return cancel_requested(lease)


def cancel_requested(lease: Lease) -> bool:
    """True when the officer has asked to cancel the job.

    Raises:
        LostLease: the job has been taken away.
    """
    return _flag(lease, "cancel_requested")


def stop_requested(lease: Lease) -> bool:
    """True when the officer has asked a refinement to end early with what it has reached.

    Raises:
        LostLease: the job has been taken away.
    """
    return _flag(lease, "stop_requested")


def _flag(lease: Lease, name: str) -> bool:
    flag: bool | None = lease.held.values_list(name, flat=True).first()
    if flag is None:
        raise LostLease
    return flag


@transaction.atomic
def report(lease: Lease, *, progress: float, stage: str) -> None:
    """Show how far the job is: ``progress`` 0..1 of the whole, ``stage`` in one word.

    Raises:
        LostLease: the job has been taken away.
    """
    if not lease.held.change(progress=min(max(progress, 0.0), 1.0), stage=stage):
        raise LostLease
    announce_job(lease.job_id)


def succeed(lease: Lease, *, timings: dict[str, float]) -> Job:
    """Mark the job as done, inside the transaction that writes its result.

    Raises:
        LostLease: the job has been taken away; the caller's transaction must not be committed.
    """
    return _end(
        lease,
        State.SUCCEEDED,
        Outcome.SUCCEEDED,
        actions.JOB_SUCCEEDED,
        progress=1.0,
        stage="",
        timings=timings,
    )


@transaction.atomic
def fail(lease: Lease, *, code: str, reason: str, timings: dict[str, float]) -> Job:
    """Give up, with a ``reason`` in one sentence.

    Raises:
        LostLease: the job has been taken away.
    """
    fields = {"reason": reason, "reason_code": code, "timings": timings}
    return _end(lease, State.FAILED, Outcome.FAILED, actions.JOB_FAILED, **fields)


@transaction.atomic
def cancel(lease: Lease, *, timings: dict[str, float]) -> Job:
    """Stop as the officer asked.

    Raises:
        LostLease: the job has been taken away.
    """
    return _end(lease, State.CANCELLED, Outcome.CANCELLED, actions.JOB_CANCELLED, timings=timings)


def _end(lease: Lease, state: State, outcome: Outcome, action: Action, **fields: Any) -> Job:
    now = timezone.now()
    if not lease.held.move(state, finished=now, lease_until=None, preview="", **fields):
        raise LostLease
    remove_of_attempt_after_commit(lease.attempt, PREVIEWS)
    Attempt.objects.filter(pk=lease.attempt).update(outcome=outcome, ended=now)
    job = Job.objects.select_related("lineup", "created_by").get(pk=lease.job_id)
    data = _about(job, reason_code=job.reason_code) if job.reason_code else _about(job)
    outcome_for_trail = "error" if state is State.FAILED else "ok"
    record(action, on=job, data=data, outcome=outcome_for_trail)
    announce_job(lease.job_id)
    return job


def _about(job: Job, **more: Any) -> dict[str, Any]:
    """What the audit trail keeps of a job; the actor is the system, so it says on whose behalf."""
    return {
        "lineup": job.lineup_id,
        "kind": job.kind,
        "attempt": job.attempt,
        "requested_by": job.created_by.get_username(),
        **more,
    }
