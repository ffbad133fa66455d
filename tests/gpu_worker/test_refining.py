"""What a worker makes of a refinement."""

from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import pytest

from accounts.models import User
from gpu_worker import lease
from gpu_worker.readiness import Readiness
from gpu_worker.work import WORK
from lineups import png
from lineups.constraints import FaceConstraints
from lineups.models import Face, Job, Lineup, Page, Photo, Refinement, Slot, WorkerStatus
from lineups.recipes import unpack
from lineups.selectors import pixels
from lineups.services import jobs, pages, photos, previews, refinements, workers
from lineups.states import State
from pipeline.refinement import Refinement as Tuned
from tests.gpu_worker.conftest import Work
from tests.gpu_worker.stepping_engine import SteppingEngine

pytestmark = pytest.mark.django_db(transaction=True)

Refine = Callable[..., Job]


@pytest.fixture
def refine(draft: Lineup, suspect: Face, engine: SteppingEngine, officer: User) -> Refine:
    """Asks for a refinement by the suspect's photograph, which the encoder has missed a little."""
    engine.flaw = 0.2
    workers.report("refine@here", queues=["refine"], ready=True)

    def ask(*faces: Face, **how: Any) -> Job:
        chosen = [face.pk for face in faces or (suspect,)]
        return refinements.refine(draft, faces=chosen, seconds=60, by=officer, **how)

    return ask


@pytest.fixture
def second(upload: Callable[..., tuple[Photo, Job]], suspect: Face, work: Work) -> Face:
    """The face of a second photograph."""
    photo, job = upload(seed=2, slot=Slot.SECOND)
    work(job)
    return Face.objects.get(photo=photo)


def made_again(face: Face, engine: SteppingEngine, media: Path) -> Any:
    """The picture by another worker, which has nothing but the recipe and the media storage."""
    kept = Refinement.objects.get(digest=face.recipe["refinement"])
    tuned = SteppingEngine().refined(Tuned.load(media / str(kept.file.name)))
    return tuned.render(unpack(face.recipe["w_plus"])[None])[0]


def test_a_refinement_makes_a_page_of_the_reconstruction_and_of_faces_like_it(
    refine: Refine, work: Work, suspect: Face, engine: SteppingEngine
) -> None:
    done = work(refine())

    assert (done.state, done.progress) == (State.SUCCEEDED, 1.0)
    faces = list(done.page.faces.order_by("position"))
    assert (done.page.kind, done.page.inputs, len(faces)) == ("refine", [str(suspect.pk)], 12)
    difference = pixels(faces[0].image).astype(int) - pixels(suspect.image)
    assert np.abs(difference).mean() < 0.2 * 127.5 / 4, "nearer than the encoder had put it"
    assert set(done.timings) >= {"refine", "generate", "save"}


def test_every_face_of_a_refined_page_says_how_real_it_is_the_reconstructions_too(
    refine: Refine, work: Work, suspect: Face, second: Face, engine: SteppingEngine
) -> None:
    faces = work(refine(suspect, second)).page.faces.order_by("position")

    pictures = np.stack([pixels(face.image) for face in faces])
    assert [face.realism for face in faces] == engine.realism(pictures)


def test_every_face_of_a_refined_page_is_made_again_by_another_worker(
    refine: Refine, work: Work, engine: SteppingEngine, media: Path
) -> None:
    done = work(refine())

    for face in done.page.faces.all():
        assert np.array_equal(made_again(face, engine, media), pixels(face.image))
        assert face.recipe["bundle"] == engine.digest


def test_later_pages_and_interpolations_from_a_refined_face_use_its_refinement(
    refine: Refine, work: Work, engine: SteppingEngine, media: Path, draft: Lineup, officer: User
) -> None:
    first, second, *_ = work(refine()).page.faces.order_by("position")

    page = work(pages.generate(draft, face=first.pk, similarity_page=2, by=officer)).page
    way = work(pages.interpolate(draft, faces=(first.pk, second.pk), steps=5, by=officer)).page

    for face in (*page.faces.all(), *way.faces.all()):
        assert face.recipe["refinement"] == first.recipe["refinement"]
        assert np.array_equal(made_again(face, engine, media), pixels(face.image))


def test_the_page_after_a_refined_one_stays_below_the_faces_that_were_drawn_for_it(
    refine: Refine, work: Work, engine: SteppingEngine, draft: Lineup, suspect: Face, officer: User
) -> None:
    refined = work(refine())
    reconstruction, *drawn = refined.page.faces.order_by("position")

    following = work(pages.generate(draft, face=reconstruction.pk, similarity_page=2, by=officer))

    assert following.request["seed"] == refined.request["seed"]
    assert engine.asked["below"] == pytest.approx(fmean(face.similarity or 0.0 for face in drawn))
    assert engine.asked["below"] != pytest.approx(refined.page.mean_similarity)
    assert np.array_equal(engine.asked["reference"], pixels(suspect.image))


def test_the_second_refinement_of_a_photograph_starts_from_the_first(
    refine: Refine, work: Work, engine: SteppingEngine
) -> None:
    work(refine())
    first = Refinement.objects.get()

    work(refine())

    again = Refinement.objects.exclude(pk=first.pk).get()
    assert again.started_from == first
    assert again.notes["started_from"] == first.digest
    assert again.notes["before"] == first.notes["after"]


def test_two_photographs_are_two_reconstructions_and_of_one_person_one(
    refine: Refine, work: Work, suspect: Face, second: Face
) -> None:
    two = work(refine(suspect, second))
    same = work(refine(suspect, second, same_person=True))

    assert [len(job.page.faces.all()) for job in (two, same)] == [12, 12]
    kept = Refinement.objects.order_by("created")
    assert [one.notes["same_person"] for one in kept] == [False, True]
    assert [one.started_from for one in kept] == [None, None]
    reconstructions = two.page.faces.order_by("position")[:2]
    for face, photo in zip(reconstructions, (suspect, second), strict=True):
        difference = pixels(face.image).astype(int) - pixels(photo.image)
        assert np.abs(difference).mean() < 0.2 * 127.5 / 4


def test_what_is_reached_is_shown_while_it_goes_on_and_gone_afterwards(
    refine: Refine, work: Work, engine: SteppingEngine, media: Path
) -> None:
    job, seen = refine(), []

    def look(step: int) -> None:
        row = Job.objects.get(pk=job.pk)
        seen.append((row.preview_number, bool(row.preview)))

    engine.between = look
    work(job)

    assert seen[:4] == [(0, False), (1, True), (2, True), (3, True)]
    assert not list((media / "previews").iterdir())


def test_a_refinement_that_is_ended_early_keeps_what_it_has_reached(
    refine: Refine, work: Work, engine: SteppingEngine, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.0)
    job = refine()

    def content_after_two(step: int) -> None:
        if step == 2:
            jobs.request_stop(Job.objects.get(pk=job.pk), by=officer)
            engine.between = lambda batch: None

    engine.between = content_after_two
    done = work(job)

    kept = Refinement.objects.get()
    assert (done.state, done.page.faces.count()) == (State.SUCCEEDED, 12)
    assert kept.notes["after"]["pixel"] == pytest.approx(kept.notes["before"]["pixel"] / 4**2, rel=1e-3)


def test_a_refinement_that_is_ended_before_it_reached_anything_says_so_and_keeps_nothing(
    refine: Refine,
    work: Work,
    engine: SteppingEngine,
    officer: User,
    media: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.0)
    job = refine()
    engine.between = lambda step: jobs.request_stop(Job.objects.get(pk=job.pk), by=officer)

    done = work(job)

    assert (done.state, done.reason_code) == (State.FAILED, "not_improved")
    assert not Refinement.objects.exists()
    assert not list(media.glob("refinements/*"))


def test_a_cancelled_refinement_keeps_nothing(
    refine: Refine,
    work: Work,
    engine: SteppingEngine,
    officer: User,
    media: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.0)
    job = refine()

    def cancel_at_the_last(step: int) -> None:
        if step == 3:
            jobs.request_cancel(Job.objects.get(pk=job.pk), by=officer)

    engine.between = cancel_at_the_last
    done = work(job)

    assert done.state == State.CANCELLED
    assert not Refinement.objects.exists()
    assert not Page.objects.filter(job=job).exists()
    assert not [*media.glob("refinements/*"), *media.glob("previews/*")]


def test_a_photograph_that_is_removed_meanwhile_ends_its_refinement(
    refine: Refine, work: Work, engine: SteppingEngine, officer: User, suspect: Face
) -> None:
    job, photo = refine(), suspect.photo
    assert photo is not None

    def remove_once(step: int) -> None:
        engine.between = lambda batch: None
        photos.remove(photo, by=officer)

    engine.between = remove_once

    assert work(job).state == State.CANCELLED
    assert not Refinement.objects.exists()


@pytest.mark.parametrize("harm", ["missing", "changed", "no refinement at all"])
def test_a_stored_refinement_that_was_lost_or_changed_is_named_as_the_reason(
    harm: str, refine: Refine, work: Work, media: Path, draft: Lineup, officer: User
) -> None:
    face = work(refine()).page.faces.order_by("position")[0]
    (file,) = (media / "refinements").iterdir()
    content = file.read_bytes()
    match harm:
        case "missing":
            file.unlink()
        case "changed":
            file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        case _:
            file.write_bytes(b"something else")

    failed = work(pages.generate(draft, face=face.pk, by=officer))

    assert (failed.state, failed.reason_code) == (State.FAILED, "refinement_lost")
    assert ("missing" if harm == "missing" else "changed") in failed.reason


def test_a_worker_whose_job_was_taken_away_shows_nothing_more(
    refine: Refine, work: Work, engine: SteppingEngine, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from lineups.services import reaper

    job = refine()

    def lose_at_two(step: int) -> None:
        if step == 2:
            reaper.reap(timezone.now() + timedelta(minutes=1))

    engine.between = lose_at_two
    left = work(job)

    assert (left.state, bool(left.preview)) == (State.QUEUED, False)
    assert not [*media.glob("refinements/*"), *media.glob("previews/*")]


def test_locked_attributes_and_directions_reach_the_engine(
    draft: Lineup, suspect: Face, work: Work, engine: SteppingEngine, officer: User
) -> None:
    constraints = FaceConstraints(locks={"beard": "yes"}, adjust={"brightness": -3.0})
    WorkerStatus.objects.update(
        abilities={"locks": [{"name": "beard", "values": ["yes", "no"]}], "adjustments": ["brightness"]}
    )
    done = work(pages.generate(draft, face=suspect.pk, constraints=constraints, seed=1, by=officer))

    assert all(pixels(face.image).mean() >= 127.5 for face in done.page.faces.all())
    lacking = done.page.shortfall
    assert lacking is not None
    assert lacking["found"] == done.page.faces.count() < 12
    assert set(lacking["rejected"]) == {"attribute mismatch"}


@pytest.mark.parametrize(("beard", "found"), [("yes", 12), ("no", 1)])
def test_the_faces_of_a_refined_page_are_held_to_what_is_asked_but_not_the_reconstruction(
    refine: Refine, work: Work, engine: SteppingEngine, suspect: Face, beard: str, found: int
) -> None:
    assert pixels(suspect.image).mean() >= 127.5, "which this engine takes for a beard"
    WorkerStatus.objects.update(abilities={"locks": [{"name": "beard", "values": ["yes", "no"]}]})

    done = work(refine(locks={"beard": beard}))

    faces = done.page.faces.all()
    assert len(faces) == found
    assert all(face.recipe["locks"] == {"beard": beard} for face in faces)
    assert (done.page.shortfall is None) is (found == 12)


def test_a_preview_is_what_the_engine_showed(refine: Refine, work: Work, engine: SteppingEngine) -> None:
    shown: list[bytes] = []
    show = previews.show

    def note(held: Any, picture: bytes) -> None:
        shown.append(picture)
        show(held, picture)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(previews, "show", note)
        job = work(refine())

    kept = Refinement.objects.get(job=job)
    tuned = engine.refined(Tuned.from_bytes(kept.file.read()))
    last = unpack(job.page.faces.order_by("position")[0].recipe["w_plus"])
    assert shown[-1] == png.encode(tuned.render(last[None])[0])


def test_the_worker_that_refines_serves_the_kind(worker: Readiness) -> None:
    assert WORK.keys() >= {"refine"}


def test_a_worker_without_tensorflow_says_that_it_cannot_refine(
    refine: Refine, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gpu_worker.work.find_spec", lambda name: None)

    job = work(refine())

    assert (job.state, job.reason_code) == (State.FAILED, "cannot_refine")
    assert "TensorFlow is not installed" in job.reason
