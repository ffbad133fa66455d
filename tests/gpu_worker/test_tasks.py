"""What a worker makes of a job."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from accounts.models import User
from gpu_worker.readiness import Readiness
from lineups.attributes import listed
from lineups.constraints import FaceConstraints
from lineups.models import Face, Job, Lineup, Photo, Slot
from lineups.recipes import unpack
from lineups.services import jobs, pages
from lineups.states import State
from tests.gpu_worker.conftest import FACE, Work
from tests.gpu_worker.stepping_engine import SteppingEngine

pytestmark = pytest.mark.django_db(transaction=True)


def pixels(face: Face) -> Any:
    with face.image.open("rb") as file:
        return np.asarray(Image.open(io.BytesIO(file.read())))


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


def test_a_page_started_from_a_generated_face_is_still_compared_with_the_suspects_picture(
    job: Job, draft: Lineup, suspect: Face, work: Work, engine: SteppingEngine, officer: User
) -> None:
    generated = work(job).page.faces.order_by("position")[3]

    work(pages.generate(draft, face=generated.pk, by=officer))

    assert np.array_equal(engine.asked["w_plus"], unpack(generated.recipe["w_plus"]))
    assert np.array_equal(engine.asked["reference"], pixels(suspect))


def test_the_second_page_is_told_how_alike_the_first_one_is_and_the_first_one_nothing(
    job: Job, draft: Lineup, suspect: Face, work: Work, engine: SteppingEngine, officer: User
) -> None:
    first = work(job).page
    assert engine.asked["below"] is None

    work(pages.generate(draft, face=suspect.pk, similarity_page=2, by=officer))

    assert first.mean_similarity is not None
    assert engine.asked["page"] == 2
    assert engine.asked["below"] == pytest.approx(first.mean_similarity)
    assert np.array_equal(engine.asked["reference"], pixels(suspect))


def test_a_page_of_a_given_distance_is_not_told_how_alike_the_one_before_is(
    draft: Lineup, suspect: Face, work: Work, engine: SteppingEngine, officer: User
) -> None:
    constraints = FaceConstraints(distance=0.5)
    for number in (1, 2):
        work(
            pages.generate(
                draft, face=suspect.pk, similarity_page=number, constraints=constraints, by=officer
            )
        )

    assert (engine.asked["page"], engine.asked["below"]) == (2, None)


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


def test_the_suspect_and_every_face_are_kept_with_what_is_predicted_of_their_own_pictures(
    job: Job, work: Work, engine: SteppingEngine, suspect: Face
) -> None:
    faces = [suspect, *work(job).page.faces.all()]

    said = engine.describe(np.stack([pixels(face) for face in faces]))
    assert [face.attributes for face in faces] == [listed(each) for each in said]
    assert {(face.predictor.bundle, str(face.predictor.reliability)) for face in faces if face.predictor} == {
        (engine.digest, str(engine.reliability))
    }


def test_a_bundle_that_predicts_nothing_works_as_ever_and_wastes_no_stage_on_it(
    upload: Callable[..., tuple[Photo, Job]],
    worker: Readiness,
    work: Work,
    engine: SteppingEngine,
    draft: Lineup,
    officer: User,
) -> None:
    engine.reliability = None
    photo, examination = upload()
    examined = work(examination)
    suspect = Face.objects.get(photo=photo)

    done = work(pages.generate(draft, face=suspect.pk, by=officer))

    assert done.state == State.SUCCEEDED
    assert not Face.objects.exclude(attributes=None, predictor=None).exists()
    assert "describe" not in {**examined.timings, **done.timings}


def test_a_message_that_is_out_of_date_does_nothing(job: Job, work: Work, officer: User) -> None:
    jobs.request_cancel(job, by=officer)

    assert work(job).state == State.CANCELLED
    assert not job.attempts.exists()
