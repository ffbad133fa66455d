"""Asking for jobs, taking them back, and sending them to the workers."""

import logging
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.audit import record
from accounts.models import User
from lineups import actions
from lineups.errors import JobFinished, JobRunning, NotAllowed, NothingToStop
from lineups.live import announce_job
from lineups.models import Job, Lineup
from lineups.requests import Request
from lineups.selectors import is_owner
from lineups.services import lineups
from lineups.states import QUEUES, Kind, State, rivals

logger = logging.getLogger(__name__)

TASK = "gpu_worker.run"


@transaction.atomic
def submit(lineup: Lineup, request: Request, *, by: User) -> Job:
    """A new job of ``lineup``, queued, sent once the transaction is committed.

    Raises:
        NotAllowed, LineupLocked: see :func:`lineups.services.lineups.lock`.
        JobRunning: see :func:`enqueue`.
    """
    return enqueue(lineups.lock(lineup, by=by), request, by=by)


def enqueue(lineup: Lineup, request: Request, *, by: User) -> Job:
    """The same of a ``lineup`` that the caller has locked.

    Raises:
        JobRunning: the lineup has an unfinished job of this kind or of a rival one.
    """
    kind, asked = request.kind, request.to_dict()
    if lineup.jobs.unfinished().filter(kind__in=rivals(kind)).exists():
        raise JobRunning
    job = Job.objects.create(lineup=lineup, kind=kind, request=asked, created_by=by, sent=timezone.now())
    record(actions.JOB_SUBMITTED, by=by, on=job, data={"lineup": lineup.pk, "kind": kind, "request": asked})
    send(job)
    announce_job(job.pk)
    return job


def send(job: Job) -> None:
    """Send the message of ``job`` once the transaction is committed."""
    job_id, attempt, queue = job.pk, job.attempt, QUEUES[Kind(job.kind)]
    transaction.on_commit(lambda: _send(job_id, attempt, queue))


def _send(job_id: UUID, attempt: UUID, queue: str) -> None:
    """Put the message into the queue; where the broker does not take it, the reaper sends it later."""
    try:
        current_app.send_task(
            TASK,
            args=[str(job_id), str(attempt)],
            task_id=str(attempt),
            queue=queue,
            ignore_result=True,
            retry=True,
            retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1},
        )
    except (OperationalError, OSError):
        logger.warning(
            "The message broker did not take job %s; it will be sent again.", job_id, exc_info=True
        )
        Job.objects.filter(pk=job_id, attempt=attempt).update(sent=None)


@transaction.atomic
def request_cancel(job: Job, *, by: User) -> Job:
    """Cancel a waiting job at once; ask the worker of a running one to stop.

    Raises:
        NotAllowed: ``by`` is not the officer who made the lineup.
        JobFinished: there is nothing left to cancel.
    """
    if not is_owner(by, job.lineup):
        raise NotAllowed(denied=job.lineup)
    row = Job.objects.filter(pk=job.pk)
    data = {"lineup": job.lineup_id, "kind": job.kind}
    if row.filter(state=State.QUEUED).move(
        State.CANCELLED, finished=timezone.now(), cancel_requested=True, lease_until=None
    ):
        record(actions.JOB_CANCELLED, by=by, on=job, data=data)
    elif row.filter(state=State.RUNNING, cancel_requested=False).change(cancel_requested=True):
        record(actions.JOB_CANCEL_REQUESTED, by=by, on=job, data=data)
    elif not row.unfinished().exists():
        raise JobFinished
    announce_job(job.pk)
    return Job.objects.select_related("lineup", "page").get(pk=job.pk)


@transaction.atomic
def request_stop(job: Job, *, by: User) -> Job:
    """Ask the worker of a running refinement to end early and keep what it has reached.

    Raises:
        NotAllowed: ``by`` is not the officer who made the lineup.
        NothingToStop: the job is no refinement, or none that is running.
    """
    if not is_owner(by, job.lineup):
        raise NotAllowed(denied=job.lineup)
    running = Job.objects.filter(pk=job.pk, kind=Kind.REFINE, state=State.RUNNING)
    if running.filter(stop_requested=False, cancel_requested=False).change(stop_requested=True):
        record(actions.JOB_STOP_REQUESTED, by=by, on=job, data={"lineup": job.lineup_id, "kind": job.kind})
        announce_job(job.pk)
    elif not running.exists():
        raise NothingToStop
    return Job.objects.select_related("lineup", "page").get(pk=job.pk)
