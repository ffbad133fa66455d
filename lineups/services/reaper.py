"""Jobs whose worker died, and jobs whose message got lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.audit import record
from lineups import actions
from lineups.live import announce_job
from lineups.models import Attempt, Job
from lineups.models.files import PREVIEWS, REFINEMENTS
from lineups.services.files import remove_of_attempt_after_commit
from lineups.services.jobs import send
from lineups.states import Outcome, State

ATTEMPTS = 3
UNCLAIMED = timedelta(seconds=30)
STOPPED = "The worker stopped before it could keep what it had reached. Refine again."
GAVE_UP = "The worker stopped {attempts} times during this job. Try again, or tell whoever operates LiGAN."


@dataclass
class Reaped:
    """How many jobs were put back, given up, cancelled, and sent again."""

    requeued: int = 0
    failed: int = 0
    cancelled: int = 0
    sent_again: int = 0

    def __bool__(self) -> bool:
        return bool(self.requeued or self.failed or self.cancelled or self.sent_again)


def reap(now: datetime | None = None) -> Reaped:
    """Repair every job whose lease has run out or whose message was not taken.

    The age of the last heartbeat decides, never mere absence: a slow worker keeps its job.
    """
    now = now or timezone.now()
    reaped = Reaped()
    for job in Job.objects.filter(state=State.RUNNING, lease_until__lt=now).select_related("created_by"):
        _take_back(job, now, reaped)
    lost = Q(sent__isnull=True) | Q(sent__lt=now - UNCLAIMED)
    for job in Job.objects.filter(lost, state=State.QUEUED).order_by("created"):
        reaped.sent_again += _send_again(job, now)
    return reaped


@transaction.atomic
def _take_back(job: Job, now: datetime, reaped: Reaped) -> None:
    """Take ``job`` from its worker: back to the queue, or to an end."""
    # As it was read: a heartbeat or an end that came meanwhile wins.
    expired = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=State.RUNNING, lease_until__lt=now)
    cleared: dict[str, Any] = {"lease_until": None, "progress": 0.0, "stage": "", "preview": ""}
    if job.cancel_requested:
        moved = expired.move(State.CANCELLED, finished=now, **cleared)
        action, outcome = actions.JOB_CANCELLED, "ok"
    elif job.stop_requested:
        moved = expired.move(State.FAILED, finished=now, reason=STOPPED, reason_code="worker_lost", **cleared)
        action, outcome = actions.JOB_FAILED, "error"
    elif job.attempts_made < ATTEMPTS:
        moved = expired.move(State.QUEUED, attempt=uuid4(), sent=now, started=None, **cleared)
        action, outcome = actions.JOB_LOST, "error"
    else:
        reason = GAVE_UP.format(attempts=job.attempts_made)
        moved = expired.move(State.FAILED, finished=now, reason=reason, reason_code="worker_lost", **cleared)
        action, outcome = actions.JOB_FAILED, "error"
    if not moved:
        return
    remove_of_attempt_after_commit(job.attempt, PREVIEWS, REFINEMENTS)
    Attempt.objects.filter(pk=job.attempt).update(outcome=Outcome.LOST, ended=now)
    data = {
        "lineup": job.lineup_id,
        "kind": job.kind,
        "lost_attempt": job.attempt,
        "attempts_made": job.attempts_made,
        "requested_by": job.created_by.get_username(),
    }
    record(action, on=job, data=data, outcome=outcome)
    job.refresh_from_db()
    match job.state:
        case State.QUEUED:
            send(job)
            reaped.requeued += 1
        case State.FAILED:
            reaped.failed += 1
        case _:
            reaped.cancelled += 1
    announce_job(job.pk)


@transaction.atomic
def _send_again(job: Job, now: datetime) -> int:
    """Send the message once more, with the same attempt: should both arrive, only one claims the job."""
    waiting = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=State.QUEUED, sent=job.sent)
    if job.sent is None:
        waiting = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=State.QUEUED, sent__isnull=True)
    if not waiting.update(sent=now):
        return 0
    send(job)
    return 1
