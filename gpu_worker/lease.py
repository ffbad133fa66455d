"""Holding a job while it is worked on: heartbeat, progress, cancellation, and an end in every case."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import OperationalError, connection

from lineups.errors import DamagedRecord, LostLease
from lineups.models import Job
from lineups.services import leases
from lineups.services.leases import Lease

T = TypeVar("T")

logger = logging.getLogger(__name__)

REPORT_SECONDS = 0.25  # progress is written at most four times a second
LOOK_SECONDS = 0.25  # and the wish to cancel is read as often

TOO_LONG = "The job took too long and was stopped. Try again, or tell whoever operates LiGAN."
UNEXPECTED = "Something went wrong in the worker. Try again, or tell whoever operates LiGAN."


class Unworkable(Exception):
    """The job cannot be done: ``code`` for programs, ``str()`` is one sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class HeldJob:
    """A job that this process has claimed, and is the only one to write."""

    def __init__(self, job: Job, lease: Lease) -> None:
        self.job = job
        self.lease = lease
        self._stop = threading.Event()
        self._stop_requested = threading.Event()
        self._over = threading.Event()
        self._stage, self._stage_began = "prepare", time.monotonic()
        self._reported = self._looked = self._asked = float("-inf")
        waited = (job.started - job.created).total_seconds() if job.started else 0.0
        self._timings = {"wait": max(waited, 0.0)}

    def report(self, fraction: float, stage: str) -> None:
        """Show that ``fraction`` (0..1) of the whole is done, and what is being done.

        Raises:
            LostLease: the job has been taken away.
        """
        now = time.monotonic()
        if stage != self._stage:
            self._close_stage(now)
            self._stage = stage
        elif now - self._reported < REPORT_SECONDS:
            return
        self._reported = now
        leases.report(self.lease, progress=fraction, stage=stage)

    def part(self, stage: str, start: float, end: float) -> Callable[[float], None]:
        """A report for the part of the whole from ``start`` to ``end``: it takes 0..1 of that part."""
        return lambda fraction: self.report(start + (end - start) * fraction, stage)

    def stopped(self) -> bool:
        """True when the work is no longer wanted: the officer cancelled, or the job was taken away."""
        if self._stop.is_set():
            return True
        now = time.monotonic()
        if now - self._looked >= LOOK_SECONDS:
            self._looked = now
            self._look(leases.cancel_requested, self._stop)
        return self._stop.is_set()

    def stop_requested(self) -> bool:
        """True when the officer is content with what has been reached."""
        now = time.monotonic()
        if not self._stop_requested.is_set() and now - self._asked >= LOOK_SECONDS:
            self._asked = now
            self._look(leases.stop_requested, self._stop_requested)
        return self._stop_requested.is_set()

    def finish(self, keep: Callable[..., T], *made: Any, **more: Any) -> T:
        """Have the service ``keep`` write what was made and end the job, in its one transaction.

        Raises:
            LostLease: the job has been taken away; nothing was written.
        """
        return keep(self.lease, *made, **more, timings=self.timings())

    def fail(self, code: str, reason: str) -> None:
        """End the job with a reason."""
        leases.fail(self.lease, code=code, reason=reason, timings=self.timings())

    def cancel(self) -> None:
        """End the job as the officer asked."""
        leases.cancel(self.lease, timings=self.timings())

    def timings(self) -> dict[str, float]:
        """Seconds by stage until now, the waiting in the queue included."""
        self._close_stage(time.monotonic())
        return {stage: round(seconds, 4) for stage, seconds in self._timings.items()}

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Hold the lease by a heartbeat for as long as the block runs."""
        thread = threading.Thread(target=self._beat, name=f"heartbeat of {self.job.pk}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _beat(self) -> None:
        try:
            while not self._over.wait(settings.LIGAN_HEARTBEAT_SECONDS):
                self._look(leases.heartbeat, self._stop)
        finally:
            connection.close()

    def _look(self, ask: Callable[[Lease], bool], answer: threading.Event) -> None:
        try:
            if ask(self.lease):
                answer.set()
        except LostLease:
            self._stop.set()
        except OperationalError:
            logger.warning("The database did not answer about job %s.", self.job.pk, exc_info=True)

    def _close_stage(self, now: float) -> None:
        spent = self._timings.get(self._stage, 0.0)
        self._timings[self._stage] = spent + now - self._stage_began
        self._stage_began = now


@contextmanager
def claim(job_id: UUID, attempt: UUID, *, worker: str) -> Iterator[HeldJob]:
    """Claim the job for the block; an exception in it ends the job with a reason.

    Raises:
        StaleMessage: this attempt is not waiting any more: the block does not run.
    """
    job = leases.claim(job_id, attempt, worker=worker)
    held = HeldJob(job, Lease(job_id, attempt))
    try:
        with held.beating():
            try:
                yield held
            except LostLease:
                raise
            except Exception as error:
                if not _end(held, error):
                    raise
    except LostLease:
        # Whoever took the job away has written why; a zombie writes nothing.
        logger.warning("Job %s was taken away from attempt %s.", job_id, attempt)


def _end(held: HeldJob, error: Exception) -> bool:
    """End the job after ``error``. True when that explains itself, False for an error of the program."""
    if held.stopped():
        held.cancel()
        return True
    match error:
        case Unworkable() | DamagedRecord():
            held.fail(error.code, str(error))
        case SoftTimeLimitExceeded():
            held.fail("too_long", TOO_LONG)
        case _:
            held.fail("unexpected", UNEXPECTED)
            return False
    return True
