"""Whatever happens to a job, in whatever order, what must never happen does not."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.audit.models import AuditEvent
from accounts.models import User
from lineups import png
from lineups.errors import JobFinished, LostLease, NothingToStop, StaleMessage
from lineups.models import Attempt, Face, Job, Lineup, Refinement
from lineups.services import jobs, leases, pages, previews, reaper, refinements
from lineups.services.leases import Lease
from lineups.states import FINISHED, Outcome, State
from tests.lineups.conftest import after_the_lease, new_face, new_refinement, picture

VISIBLE = (
    "state", "progress", "stage", "reason", "reason_code", "cancel_requested", "stop_requested", "preview",
)  # fmt: skip

# What the trail must say when a job came to a state (from queued or running).
TRAIL = {
    State.QUEUED: {"job.lost"},
    State.RUNNING: {"job.started"},
    State.SUCCEEDED: {"job.succeeded"},
    State.FAILED: {"job.failed"},
    State.CANCELLED: {"job.cancelled"},
}


class JobLife(RuleBasedStateMachine):
    """One job, its officer, any number of workers, a reaper and a broker that repeats itself."""

    lineup: Lineup
    face: Face
    officer: User

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.ask()

    def submit(self) -> Job:
        return pages.generate(self.lineup, face=self.face.pk, by=self.officer)

    def keep(self, lease: Lease) -> None:
        pages.keep(lease, [new_face(1)], timings={})

    def ask(self) -> None:
        self.job = self.submit()
        self.attempts = [self.job.attempt, uuid4()]  # the second never existed
        self.before = self.row()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)
        transaction.set_rollback(False)

    def row(self) -> Job:
        return Job.objects.get(pk=self.job.pk)

    def lease(self, data: st.DataObject) -> Lease:
        """That of the present worker, or of any attempt there ever was: a zombie."""
        attempts = st.just(self.row().attempt) | st.sampled_from(self.attempts)
        return Lease(self.job.pk, data.draw(attempts, label="attempt"))

    def write(self, data: st.DataObject, act: Any) -> None:
        lease = self.lease(data)
        holds = self.row().state == State.RUNNING and self.row().attempt == lease.attempt
        if holds:
            act(lease)
        else:
            with pytest.raises(LostLease):
                act(lease)

    @rule(data=st.data())
    def a_message_arrives(self, data: st.DataObject) -> None:
        attempt = self.lease(data).attempt
        waiting = self.row().state == State.QUEUED and self.row().attempt == attempt
        if waiting:
            leases.claim(self.job.pk, attempt, worker="worker")
        else:
            with pytest.raises(StaleMessage):
                leases.claim(self.job.pk, attempt, worker="worker")

    @precondition(lambda self: self.row().state == State.QUEUED)
    @rule()
    def a_worker_takes_it(self) -> None:
        leases.claim(self.job.pk, self.row().attempt, worker="worker")

    @precondition(lambda self: self.row().state == State.RUNNING)
    @rule(progress=st.floats(-1, 2))
    def its_worker_reports(self, progress: float) -> None:
        leases.report(Lease(self.job.pk, self.row().attempt), progress=progress, stage="generate")

    @rule(data=st.data())
    def a_heart_beats(self, data: st.DataObject) -> None:
        self.write(data, leases.heartbeat)

    @rule(data=st.data(), progress=st.floats(-1, 2))
    def progress_is_reported(self, data: st.DataObject, progress: float) -> None:
        self.write(data, lambda lease: leases.report(lease, progress=progress, stage="generate"))

    @rule(data=st.data())
    def a_worker_finishes(self, data: st.DataObject) -> None:
        self.write(data, self.keep)

    @rule(data=st.data())
    def a_worker_fails(self, data: st.DataObject) -> None:
        self.write(data, lambda lease: leases.fail(lease, code="x", reason="X.", timings={}))

    @rule(data=st.data())
    def a_worker_stops(self, data: st.DataObject) -> None:
        self.write(data, lambda lease: leases.cancel(lease, timings={}))

    @rule()
    def the_officer_cancels(self) -> None:
        if self.row().unfinished:
            jobs.request_cancel(self.row(), by=self.officer)
        else:
            with pytest.raises(JobFinished):
                jobs.request_cancel(self.row(), by=self.officer)

    @precondition(lambda self: not self.row().unfinished)
    @rule()
    def the_officer_asks_anew(self) -> None:
        self.ask()

    @rule()
    def the_reaper_comes_early(self) -> None:
        reaper.reap(timezone.now())

    @precondition(lambda self: self.row().state == State.RUNNING)
    @rule()
    def the_lease_runs_out(self) -> None:
        reaper.reap(after_the_lease())

    @invariant()
    def the_promises_hold(self) -> None:
        before, now = self.before, self.row()
        if now.attempt not in self.attempts:
            self.attempts.append(now.attempt)
        events = set(AuditEvent.objects.filter(object_id=str(now.pk)).values_list("action", flat=True))
        if now.state != before.state:
            assert before.state not in FINISHED, "an end is final"
            assert TRAIL[State(now.state)] <= events
        changed = any(getattr(now, name) != getattr(before, name) for name in VISIBLE)
        assert now.sequence > before.sequence if changed else now.sequence >= before.sequence
        running = Attempt.objects.filter(job=now, outcome=Outcome.RUNNING)
        assert [attempt.pk for attempt in running] == ([now.attempt] if now.state == State.RUNNING else [])
        assert Attempt.objects.filter(job=now).count() == now.attempts_made <= reaper.ATTEMPTS
        assert hasattr(now, "page") == (now.state == State.SUCCEEDED)
        assert (now.finished is not None) == (now.state in FINISHED)
        assert (now.lease_until is not None) == (now.state == State.RUNNING)
        ends = AuditEvent.objects.filter(
            object_id=str(now.pk), action__in=("job.succeeded", "job.failed", "job.cancelled")
        )
        assert ends.count() == (now.state in FINISHED), "every end is written down, once"
        starts = AuditEvent.objects.filter(object_id=str(now.pk), action="job.started")
        assert starts.count() == now.attempts_made
        self.before = now


class RefinementLife(JobLife):
    """The same of a refinement, which shows previews and can be ended early."""

    kept = 0

    def submit(self) -> Job:
        return refinements.refine(self.lineup, faces=[self.face.pk], seconds=60, by=self.officer)

    def keep(self, lease: Lease) -> None:
        self.kept += 1
        new = new_refinement(self.face, seed=self.kept)
        refinements.keep(lease, new, [new_face(1, refinement=new.digest)], timings={})

    @rule(data=st.data())
    def a_preview_is_shown(self, data: st.DataObject) -> None:
        self.write(data, lambda lease: previews.show(lease, png.encode(picture(3, 8))))

    @rule()
    def the_officer_ends_it_early(self) -> None:
        if self.row().state == State.RUNNING:
            jobs.request_stop(self.row(), by=self.officer)
            assert self.row().stop_requested or self.row().cancel_requested
        else:
            with pytest.raises(NothingToStop):
                jobs.request_stop(self.row(), by=self.officer)

    @invariant()
    def what_is_shown_is_of_the_worker_that_has_the_job(self) -> None:
        now = self.row()
        assert not now.preview or now.state == State.RUNNING
        assert now.attempt.hex in str(now.preview.name) or not now.preview
        assert hasattr(now, "refinement") == (now.state == State.SUCCEEDED)
        stored = Refinement.objects.filter(lineup=self.lineup)
        assert all(one.file.storage.exists(str(one.file.name)) for one in stored)


@pytest.mark.parametrize(("life", "examples"), [(JobLife, 40), (RefinementLife, 20)])
def test_no_order_of_events_breaks_a_promise_about_jobs(
    life: type[JobLife],
    examples: int,
    draft: Lineup,
    suspect: Face,
    ready_worker: None,
    ready_refiner: None,
    officer: User,
) -> None:
    machine = type("JobLifeHere", (life,), {"lineup": draft, "face": suspect, "officer": officer})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
