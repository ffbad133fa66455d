"""What a worker does with a job: the whole of it, or an end with a reason."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone
from PIL import Image

from accounts.models import User
from gpu_worker import lease, readiness, tasks
from gpu_worker.loading import NotLoaded
from gpu_worker.readiness import Readiness
from lineups.models import Face, Job, Lineup, Page, Photo, Slot
from lineups.recipes import unpack
from lineups.services import jobs, leases, pages, photos, reaper
from lineups.services.leases import Lease
from lineups.states import Outcome, State
from tests.gpu_worker.conftest import FACE
from tests.gpu_worker.stepping_engine import SteppingEngine
from tests.gpu_worker.tiny_engine import Marks

pytestmark = pytest.mark.django_db(transaction=True)

Work = Callable[[Job], Job]


def pixels(face: Face) -> Any:
    with face.image.open("rb") as file:
        return np.asarray(Image.open(io.BytesIO(file.read())))


@pytest.fixture
def suspect(upload: Callable[..., tuple[Photo, Job]], work: Work, worker: Readiness) -> Face:
    """The suspect's face, found by the worker."""
    photo, job = upload()
    work(job)
    return Face.objects.get(photo=photo)


@pytest.fixture
def job(draft: Lineup, suspect: Face, officer: User) -> Job:
    """A page to make."""
    return pages.generate(draft, face=suspect.pk, seed=7, by=officer)


def test_a_photograph_becomes_the_suspect_of_the_lineup(draft: Lineup, suspect: Face) -> None:
    assert draft.members.get().face == suspect
    assert suspect.recipe["box"] == list(FACE)
    assert (suspect.width, suspect.height) == (16, 16)


def test_every_face_of_a_page_can_be_made_again_from_its_recipe(
    job: Job, work: Work, engine: SteppingEngine, suspect: Face
) -> None:
    done = work(job)

    assert (done.state, done.progress) == (State.SUCCEEDED, 1.0)
    assert done.page.faces.count() == 12
    for face in done.page.faces.all():
        latent = unpack(face.recipe["w_plus"])
        assert np.array_equal(engine.render(latent[None])[0], pixels(face))
        assert face.recipe["from"] == [str(suspect.pk)]
        assert (face.recipe["seed"], face.recipe["bundle"]) == (7, engine.digest)


def test_the_same_seed_gives_the_same_faces_and_another_seed_gives_others(
    draft: Lineup, suspect: Face, work: Work, officer: User
) -> None:
    def made(seed: int | None) -> list[str]:
        done = work(pages.generate(draft, face=suspect.pk, seed=seed, by=officer))
        return list(done.page.faces.order_by("position").values_list("sha256", flat=True))

    assert made(1) == made(1)
    assert made(1) != made(2)
    assert made(None) != made(None)


def test_each_further_page_is_less_like_the_suspect(
    draft: Lineup, suspect: Face, work: Work, officer: User
) -> None:
    means = []
    for number in (1, 2, 3):
        done = work(pages.generate(draft, face=suspect.pk, similarity_page=number, by=officer))
        assert done.page.similarity_rank == number
        means.append(done.page.mean_similarity or 0.0)

    assert means == sorted(means, reverse=True)


def test_an_interpolation_goes_from_one_input_to_the_other(
    draft: Lineup,
    suspect: Face,
    upload: Callable[..., tuple[Photo, Job]],
    work: Work,
    officer: User,
) -> None:
    photo, examination = upload(seed=2, slot=Slot.SECOND)
    work(examination)
    second = Face.objects.get(photo=photo)

    done = work(pages.interpolate(draft, faces=(suspect.pk, second.pk), steps=5, by=officer))

    faces = list(done.page.faces.order_by("position"))
    assert done.page.inputs == [str(suspect.pk), str(second.pk)]
    assert [face.sha256 for face in (faces[0], faces[-1])] == [suspect.sha256, second.sha256]
    assert len(faces) == 5


def test_how_long_each_stage_took_is_kept(job: Job, work: Work) -> None:
    timings = work(job).timings

    assert set(timings) == {"wait", "prepare", "generate", "save"}
    assert all(0 <= seconds < 10 for seconds in timings.values())


def test_a_message_that_is_out_of_date_does_nothing(job: Job, work: Work, officer: User) -> None:
    jobs.request_cancel(job, by=officer)

    assert work(job).state == State.CANCELLED
    assert not job.attempts.exists()


# Reasons --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("boxes", "code"),
    [
        ((), "no_face"),
        (((0, 0, 60, 60), (100, 100, 60, 60)), "several_faces"),
        (((0, 0, 20, 20),), "face_too_small"),
    ],
)
def test_a_photograph_that_cannot_be_used_is_answered_with_the_reason(
    boxes: tuple[tuple[int, int, int, int], ...],
    code: str,
    upload: Callable[..., tuple[Photo, Job]],
    work: Work,
    worker: Readiness,
    detector: Marks,
    draft: Lineup,
) -> None:
    detector.boxes = boxes
    photo, job = upload()

    failed = work(job)

    assert (failed.state, failed.reason_code) == (State.FAILED, code)
    assert failed.reason.endswith(".")
    assert not draft.members.exists()
    assert Photo.objects.filter(pk=photo.pk).exists()


def test_a_face_of_another_model_is_not_mixed_in(job: Job, work: Work, engine: SteppingEngine) -> None:
    engine.digest = "1" * 64

    assert work(job).reason_code == "other_bundle"


def test_an_input_that_was_removed_meanwhile_is_named_as_the_reason(
    job: Job, work: Work, draft: Lineup, officer: User
) -> None:
    photos.remove(draft.photos.get(), by=officer)

    assert work(job).reason_code == "face_gone"


def test_without_models_a_job_ends_with_the_reason_of_the_worker(
    job: Job, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Any:
        raise NotLoaded("The bundle demo cannot be used: generator.safetensors has changed.")

    broken_worker = Readiness("interactive@here", ("interactive",), broken)
    broken_worker.start()
    readiness.serve(broken_worker)

    failed = work(job)

    broken_worker.stop()
    assert (failed.state, failed.reason_code) == (State.FAILED, "models_not_loaded")
    assert "generator.safetensors" in failed.reason


def test_an_error_of_the_program_ends_the_job_and_is_not_shown_to_the_officer(
    job: Job, work: Work, engine: SteppingEngine
) -> None:
    def trip(batch: int) -> None:
        raise ZeroDivisionError("secret detail")

    engine.between = trip
    with pytest.raises(ZeroDivisionError):  # for the log
        work(job)

    failed = Job.objects.get(pk=job.pk)
    assert (failed.state, failed.reason_code) == (State.FAILED, "unexpected")
    assert "secret" not in failed.reason
    assert job.attempts.get().outcome == Outcome.FAILED


def test_a_job_that_takes_too_long_ends_with_that_reason(
    job: Job, work: Work, engine: SteppingEngine
) -> None:
    def run_out(batch: int) -> None:
        raise SoftTimeLimitExceeded

    engine.between = run_out

    assert work(job).reason_code == "too_long"


# Progress and stopping ------------------------------------------------------------------------------------


def test_progress_is_true_and_written_at_most_four_times_a_second(
    job: Job, work: Work, engine: SteppingEngine
) -> None:
    seen: list[tuple[int, float]] = []

    def look(batch: int) -> None:
        row = Job.objects.get(pk=job.pk)
        seen.append((row.sequence, row.progress))

    engine.batches, engine.between = 200, look
    work(job)

    assert [progress for _, progress in seen] == sorted(progress for _, progress in seen)
    assert len({sequence for sequence, _ in seen}) < 20, "200 batches, some tens of milliseconds"


def test_a_cancelled_job_stops_between_two_batches_and_leaves_no_page(
    job: Job, work: Work, engine: SteppingEngine, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.0)
    done: list[int] = []

    def cancel_after_one(batch: int) -> None:
        done.append(batch)
        if batch == 1:
            jobs.request_cancel(Job.objects.get(pk=job.pk), by=officer)

    engine.between = cancel_after_one

    assert work(job).state == State.CANCELLED
    assert done == [0, 1]
    assert not Page.objects.filter(job=job).exists()
    assert job.attempts.get().outcome == Outcome.CANCELLED


def test_a_worker_that_lost_its_job_stops_and_the_heirs_page_is_the_only_one(
    job: Job, work: Work, engine: SteppingEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(lease, "REPORT_SECONDS", 60.0)

    def lose_after_one(batch: int) -> None:
        if batch == 1:
            reaper.reap(timezone.now() + timedelta(minutes=1))

    engine.between = lose_after_one
    left = work(job)
    assert left.state == State.QUEUED

    engine.between = lambda batch: None
    done = work(left)

    assert done.state == State.SUCCEEDED
    assert Page.objects.filter(lineup=job.lineup_id).count() == 1
    outcomes = job.attempts.order_by("started").values_list("outcome", flat=True)
    assert list(outcomes) == [Outcome.LOST, Outcome.SUCCEEDED]


def test_a_worker_that_lost_its_job_just_before_the_end_writes_nothing(
    job: Job, work: Work, engine: SteppingEngine, media: Any
) -> None:
    def lose_before_the_end(batch: int) -> None:
        if batch == engine.batches - 1:
            reaper.reap(timezone.now() + timedelta(minutes=1))
            leases.claim(job.pk, Job.objects.get(pk=job.pk).attempt, worker="heir")

    engine.between = lose_before_the_end
    before = set(media.rglob("*.png"))

    left = work(job)

    assert (left.state, left.attempts_made) == (State.RUNNING, 2)
    assert set(media.rglob("*.png")) == before


def test_the_heartbeat_holds_the_lease_for_as_long_as_the_work_takes(
    job: Job, work: Work, engine: SteppingEngine, settings: Any
) -> None:
    settings.LIGAN_HEARTBEAT_SECONDS = 0.02
    held: list[Any] = []

    def wait_for_a_heartbeat(batch: int) -> None:
        before = Job.objects.get(pk=job.pk).lease_until
        while (now := Job.objects.get(pk=job.pk).lease_until) == before:
            pass
        held.append(now)

    engine.between = wait_for_a_heartbeat

    assert work(job).state == State.SUCCEEDED
    assert held == sorted(held)


def test_a_cancellation_reaches_a_worker_that_never_asks_by_its_heartbeat(
    job: Job, engine: SteppingEngine, settings: Any, officer: User
) -> None:
    settings.LIGAN_HEARTBEAT_SECONDS = 0.02
    held = lease.HeldJob(leases.claim(job.pk, job.attempt, worker="here"), Lease(job.pk, job.attempt))
    with held.beating():
        jobs.request_cancel(Job.objects.get(pk=job.pk), by=officer)
        assert held._stop.wait(10)


def test_every_kind_of_job_has_its_work() -> None:
    from lineups.states import Kind

    assert set(tasks.WORK) == set(Kind)
