"""A job is done once, by one worker at a time, and always comes to an end."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from lineups.errors import (
    IllegalTransition,
    JobFinished,
    JobRunning,
    LostLease,
    NotAllowed,
    NotFound,
    NoWorkerReady,
    StaleMessage,
)
from lineups.models import Attempt, Face, Job, Lineup, Page, Photo, Slot
from lineups.services import jobs, leases, lineups, pages, photos, reaper
from lineups.services.leases import Lease
from lineups.states import TRANSITIONS, Kind, Outcome, State
from tests.brokers import broker_at
from tests.lineups.conftest import new_face, photograph, some_recipe, take

LEASE = timedelta(seconds=django_settings.LIGAN_LEASE_SECONDS)
A_MOMENT = timedelta(seconds=1)


def after_the_lease() -> Any:
    return timezone.now() + LEASE + A_MOMENT


def seen(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


@pytest.fixture
def job(draft: Lineup, suspect: Face, ready_worker: None, officer: User) -> Job:
    """A waiting job that will make a page."""
    return pages.generate(draft, face=suspect.pk, by=officer)


# One worker ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_that_reach_for_a_job_exactly_one_gets_it(
    draft: Lineup, suspect: Face, ready_worker: None, officer: User
) -> None:
    for _ in range(5):
        job = pages.generate(draft, face=suspect.pk, by=officer)
        got: list[int] = []
        together = Barrier(6)

        def reach(number: int, job: Job = job, got: list[int] = got, together: Barrier = together) -> None:
            together.wait()
            try:
                leases.claim(job.pk, job.attempt, worker=f"worker {number}")
                got.append(number)
            except StaleMessage:
                pass
            finally:
                connection.close()

        threads = [Thread(target=reach, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(got) == 1
        assert job.attempts.get().worker == f"worker {got[0]}"
        leases.fail(Lease(job.pk, job.attempt), code="test", reason="Enough.", timings={})


def test_a_message_that_comes_twice_does_the_job_once(job: Job) -> None:
    take(job)

    with pytest.raises(StaleMessage):
        take(job)
    assert seen(job).attempts_made == 1


def writes(lineup: Lineup) -> dict[str, Callable[[Lease], object]]:
    return {
        "heartbeat": leases.heartbeat,
        "look for a cancellation": leases.cancel_requested,
        "report": lambda lease: leases.report(lease, progress=0.5, stage="generate"),
        "keep a page": lambda lease: pages.keep(lease, [new_face(900)], timings={}),
        "keep an examined photo": lambda lease: photos.examined(
            lease, lineup.photos.get(), b"png", size=(64, 64), recipe=some_recipe(), timings={}
        ),
        "fail": lambda lease: leases.fail(lease, code="x", reason="X.", timings={}),
        "cancel": lambda lease: leases.cancel(lease, timings={}),
    }


@pytest.mark.parametrize("write", list(writes(Lineup())))
def test_a_worker_that_was_thought_dead_cannot_write_to_the_job_any_more(
    job: Job, draft: Lineup, write: str
) -> None:
    zombie = take(job)
    reaper.reap(after_the_lease())
    heir = take(seen(job))
    before = seen(job)

    with pytest.raises(LostLease):
        writes(draft)[write](zombie)

    after = seen(job)
    assert (after.state, after.sequence, after.attempt) == (before.state, before.sequence, before.attempt)
    assert draft.pages.count() == 0
    assert draft.faces.filter(page__isnull=False).count() == 0
    pages.keep(heir, [new_face(901)], timings={})
    assert seen(job).state == State.SUCCEEDED
    assert [(a.pk, a.outcome) for a in job.attempts.order_by("started")] == [
        (zombie.attempt, Outcome.LOST),
        (heir.attempt, Outcome.SUCCEEDED),
    ]


def test_a_refused_page_leaves_no_file_behind(job: Job, settings: Any) -> None:
    zombie = take(job)
    reaper.reap(after_the_lease())
    folder = settings.STORAGES["default"]["OPTIONS"]["location"]
    files = set(folder.rglob("*.png"))

    with pytest.raises(LostLease):
        pages.keep(zombie, [new_face(902)], timings={})

    assert set(folder.rglob("*.png")) == files


# The reaper -----------------------------------------------------------------------------------------------


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


# Messages -------------------------------------------------------------------------------------------------


def messages() -> list[list[str]]:
    """Takes what is in the workers' queue: the job and the attempt of each message."""
    found = []
    with current_app.connection_for_read() as broker, broker.SimpleQueue("interactive") as queue:
        while queue.qsize():
            message = queue.get_nowait()
            message.ack()
            found.append(message.payload[0])
    return found


@pytest.fixture
def empty_queue() -> None:
    """Whatever other tests have sent is taken away."""
    messages()


@pytest.mark.django_db(transaction=True)
def test_a_submitted_job_reaches_the_queue_with_its_attempt(empty_queue: None, job: Job) -> None:
    assert [str(job.pk), str(job.attempt)] in messages()


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_message_got_lost_is_sent_again_and_still_done_once(empty_queue: None, job: Job) -> None:
    messages()  # lost
    assert reaper.reap(timezone.now() + timedelta(seconds=29)).sent_again == 0

    assert reaper.reap(timezone.now() + timedelta(seconds=31)).sent_again == 1

    assert messages() == [[str(job.pk), str(job.attempt)]]
    take(job)
    with pytest.raises(StaleMessage):
        take(job)


@pytest.mark.django_db(transaction=True)
def test_a_reaped_job_is_sent_with_its_new_attempt(empty_queue: None, job: Job) -> None:
    take(job)
    messages()

    reaper.reap(after_the_lease())

    assert messages() == [[str(job.pk), str(seen(job).attempt)]]


@pytest.mark.django_db(transaction=True)
def test_a_job_submitted_while_the_broker_is_down_waits_and_is_sent_when_it_is_back(
    draft: Lineup, suspect: Face, ready_worker: None, officer: User, empty_queue: None, tmp_path: Any
) -> None:
    with broker_at(f"redis+socket://{tmp_path / 'nobody.sock'}"):
        job = pages.generate(draft, face=suspect.pk, by=officer)

    assert (seen(job).state, seen(job).sent) == (State.QUEUED, None)
    assert reaper.reap().sent_again == 1
    assert messages() == [[str(job.pk), str(job.attempt)]]


# Cancelling -----------------------------------------------------------------------------------------------


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


# Asking ---------------------------------------------------------------------------------------------------


def test_a_lineup_makes_one_page_at_a_time(job: Job, suspect: Face, officer: User) -> None:
    with pytest.raises(JobRunning):
        pages.generate(job.lineup, face=suspect.pk, by=officer)


def test_nothing_is_generated_while_no_worker_is_ready(draft: Lineup, suspect: Face, officer: User) -> None:
    with pytest.raises(NoWorkerReady):
        pages.generate(draft, face=suspect.pk, by=officer)
    assert not draft.jobs.filter(kind=Kind.GENERATE).exists()


def test_turning_to_the_next_page_goes_on_with_the_same_draw(
    draft: Lineup, suspect: Face, make_page: Callable[..., Page], officer: User
) -> None:
    first = make_page(draft, suspect, seed=77)

    following = pages.generate(draft, face=suspect.pk, similarity_page=2, by=officer)

    assert following.request == {**first.job.request, "similarity_page": 2}


def test_a_page_keeps_all_of_its_faces_in_order_with_what_makes_them_again(page: Page, suspect: Face) -> None:
    faces = list(page.faces.order_by("position"))

    assert [face.position for face in faces] == [1, 2, 3]
    assert page.inputs == [str(suspect.pk)]
    assert page.mean_similarity == pytest.approx(0.89)
    assert [face.recipe for face in faces] == [some_recipe(100 + number) for number in range(3)]


def test_a_face_found_after_its_photograph_was_removed_is_not_kept(draft: Lineup, officer: User) -> None:
    photo, job = photos.add(draft, photograph(1), slot=Slot.SUSPECT, by=officer)
    lease = take(job)
    copy = Photo.objects.get(pk=photo.pk)
    photos.remove(photo, by=officer)

    with pytest.raises(NotFound):
        photos.examined(lease, copy, b"png", size=(64, 64), recipe=some_recipe(), timings={})
    assert leases.heartbeat(lease) is True
    leases.cancel(lease, timings={})
    assert not Face.objects.filter(lineup=draft).exists()
    assert not draft.members.exists()
    assert not Photo.objects.filter(pk=copy.pk).exists()


# States ---------------------------------------------------------------------------------------------------


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
