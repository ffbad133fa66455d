"""A job that cannot be done ends with the reason."""

from collections.abc import Callable
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from accounts.models import User
from gpu_worker import readiness
from gpu_worker.readiness import NotLoaded, Readiness
from lineups.models import Job, Lineup, Photo
from lineups.services import photos
from lineups.states import Outcome, State
from tests.gpu_worker.conftest import Work
from tests.gpu_worker.stepping_engine import SteppingEngine
from tests.gpu_worker.tiny_engine import Marks

pytestmark = pytest.mark.django_db(transaction=True)


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
