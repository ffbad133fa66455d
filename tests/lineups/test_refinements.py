"""Refinements: what may be refined, what is kept, and what later faces are made with."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from lineups import selectors
from lineups.errors import LostLease, NotFound, NothingToStop, OtherRefinement
from lineups.models import Face, Job, Lineup, Page, Photo, Refinement, Slot
from lineups.services import jobs, leases, pages, photos, refinements
from lineups.services.leases import Lease
from lineups.states import State
from tests.lineups.conftest import BUNDLE, new_face, new_refinement, photograph, seen, take
from tests.lineups.requests import ask, refusal


@pytest.fixture
def second(draft: Lineup, examine: Callable[..., Photo]) -> Face:
    """The face of a second photograph."""
    return examine(draft, slot=Slot.SECOND, seed=2).face


def test_refine_answers_with_the_waiting_job_in_the_queue_of_its_own(
    api: APIClient, draft: Lineup, suspect: Face, ready_refiner: None
) -> None:
    response = ask(api, draft, kind="refine", faces=[suspect.pk], seconds=90)

    job = response.json()
    assert response.status_code == 202
    assert (job["kind"], job["state"], job["seconds"], job["queue_position"]) == ("refine", "queued", 90, 1)
    request = draft.jobs.get(kind="refine").request
    assert (request["faces"], request["photos"]) == ([str(suspect.pk)], [str(suspect.photo_id)])


@pytest.mark.parametrize("seconds", [59, 601, 0, -60])
def test_a_time_out_of_bounds_is_refused_with_the_bounds(
    api: APIClient, draft: Lineup, suspect: Face, ready_refiner: None, seconds: int
) -> None:
    response = ask(api, draft, kind="refine", faces=[suspect.pk], seconds=seconds)

    assert refusal(response) == (400, "invalid")
    assert response.json()["fields"]["seconds"] == [f"A refinement takes 60 to 600 seconds, not {seconds}."]


def test_the_shortest_time_is_a_setting_so_that_tests_need_not_wait(
    api: APIClient, draft: Lineup, suspect: Face, ready_refiner: None, settings: Any
) -> None:
    settings.LIGAN_REFINE_LEAST_SECONDS = 5

    assert ask(api, draft, kind="refine", faces=[suspect.pk], seconds=5).status_code == 202
    assert api.get("/api/v1/status/").json()["refining"]["least_seconds"] == 5


def test_the_faces_of_a_refined_page_can_be_held_to_attributes(
    api: APIClient, draft: Lineup, suspect: Face, ready_worker: None, ready_refiner: None
) -> None:
    locks = {"sex": "same", "beard": "no"}

    assert ask(api, draft, kind="refine", faces=[suspect.pk], seconds=60, locks=locks).status_code == 202
    job = draft.jobs.get(kind="refine")
    page = refinements.keep(take(job), new_refinement(suspect), [new_face(1)], timings={})

    assert job.request["locks"] == locks
    assert page.wishes == {"locks": locks}


def test_a_refined_page_is_not_held_to_what_the_model_does_not_predict(
    api: APIClient, draft: Lineup, suspect: Face, ready_worker: None, ready_refiner: None
) -> None:
    response = ask(api, draft, kind="refine", faces=[suspect.pk], seconds=60, locks={"eyes": "blue"})

    assert refusal(response) == (400, "invalid")
    assert response.json()["fields"] == {
        "locks": ["The attribute 'eyes' cannot be locked. Choose among sex, beard."]
    }
    assert not draft.jobs.filter(kind="refine").exists()


def test_only_faces_of_photographs_are_refined(
    api: APIClient, draft: Lineup, page: Page, ready_refiner: None
) -> None:
    generated = page.faces.all()[0]

    assert refusal(ask(api, draft, kind="refine", faces=[generated.pk], seconds=60)) == (409, "not_refinable")


def test_two_photographs_are_two_and_one_person_needs_two(
    api: APIClient, draft: Lineup, suspect: Face, second: Face, ready_refiner: None
) -> None:
    twice = ask(api, draft, kind="refine", faces=[suspect.pk, suspect.pk], seconds=60)
    alone = ask(api, draft, kind="refine", faces=[suspect.pk], seconds=60, same_person=True)
    both = ask(api, draft, kind="refine", faces=[suspect.pk, second.pk], seconds=60, same_person=True)

    assert list(twice.json()["fields"]) == ["faces"]
    assert list(alone.json()["fields"]) == ["same_person"]
    assert both.status_code == 202


def test_nothing_is_refined_while_no_worker_for_it_is_ready(
    api: APIClient, draft: Lineup, suspect: Face, ready_worker: None
) -> None:
    response = ask(api, draft, kind="refine", faces=[suspect.pk], seconds=60)

    assert refusal(response) == (409, "no_worker_ready")
    assert response.json()["detail"] == api.get("/api/v1/status/").json()["refining"]["reason"]


def test_a_lineup_has_one_refinement_at_a_time_and_pages_are_made_beside_it(
    api: APIClient, draft: Lineup, refining: Job, suspect: Face, ready_worker: None
) -> None:
    assert refusal(ask(api, draft, kind="refine", faces=[suspect.pk], seconds=60)) == (409, "job_running")
    assert ask(api, draft, kind="generate", face=suspect.pk).status_code == 202
    assert refusal(ask(api, draft, kind="generate", face=suspect.pk)) == (409, "job_running")


def test_what_was_reached_is_kept_as_a_file_with_a_page_of_its_own(
    refined: Page, refining: Job, suspect: Face
) -> None:
    kept = Refinement.objects.get()
    new = new_refinement(suspect)

    assert kept.file.read() == new.file
    assert (kept.digest, kept.bundle, kept.seconds) == (new.digest, BUNDLE, 60.0)
    assert (kept.photos, kept.crops) == ([str(suspect.photo_id)], [suspect.sha256])
    assert (kept.job, kept.attempt) == (refining, refining.attempt)
    assert (refined.kind, refined.inputs) == ("refine", [str(suspect.pk)])
    assert {face.recipe["refinement"] for face in refined.faces.all()} == {kept.digest}
    assert seen(refining).state == State.SUCCEEDED


def test_the_next_refinement_goes_on_from_the_newest_by_the_same_picture(
    refined: Page, draft: Lineup, suspect: Face, second: Face, officer: User
) -> None:
    again = refinements.refine(draft, faces=[suspect.pk], seconds=60, by=officer)
    first = Refinement.objects.get()

    assert selectors.refinement_to_go_on_from(again, [suspect], bundle=BUNDLE, method="pivotal") == first
    assert selectors.refinement_to_go_on_from(again, [second], bundle=BUNDLE, method="pivotal") is None
    assert selectors.refinement_to_go_on_from(again, [suspect], bundle="c" * 64, method="pivotal") is None
    assert selectors.refinement_to_go_on_from(again, [suspect], bundle=BUNDLE, method="other") is None

    further = new_refinement(suspect, seed=1, started_from=first)
    refinements.keep(take(again), further, [new_face(1)], timings={})
    assert Refinement.objects.get(started_from=first).digest == further.digest
    found = selectors.refinement_to_go_on_from(again, [suspect], bundle=BUNDLE, method="pivotal")
    assert found is not None
    assert found.digest == further.digest


def test_a_refinement_of_two_people_is_none_of_the_same_person(
    draft: Lineup, suspect: Face, second: Face, ready_refiner: None, officer: User
) -> None:
    faces = [suspect.pk, second.pk]
    job = refinements.refine(draft, faces=faces, seconds=60, by=officer)
    refinements.keep(take(job), new_refinement(suspect, second), [new_face(1)], timings={})

    again = refinements.refine(draft, faces=faces, seconds=60, same_person=True, by=officer)

    assert (
        selectors.refinement_to_go_on_from(again, [suspect, second], bundle=BUNDLE, method="pivotal") is None
    )


def test_the_same_photograph_uploaded_again_is_the_same_picture(
    refined: Page, draft: Lineup, suspect: Face, examine: Callable[..., Photo], officer: User
) -> None:
    again = examine(draft).face
    job = refinements.refine(draft, faces=[again.pk], seconds=60, by=officer)

    assert again.pk != suspect.pk
    found = selectors.refinement_to_go_on_from(job, [again], bundle=BUNDLE, method="pivotal")
    assert found == Refinement.objects.get()


def test_a_refinement_whose_photograph_was_removed_is_not_kept(
    refining: Job, suspect: Face, officer: User, settings: Any
) -> None:
    lease, photo = take(refining), suspect.photo
    assert photo is not None
    photos.remove(photo, by=officer)

    with pytest.raises(NotFound):
        refinements.keep(lease, new_refinement(suspect), [new_face(1)], timings={})

    assert not Refinement.objects.exists()
    folder = settings.STORAGES["default"]["OPTIONS"]["location"]
    assert not list(folder.glob("refinements/*"))


def test_a_worker_that_lost_its_job_keeps_nothing_and_leaves_no_file(
    refining: Job, suspect: Face, settings: Any
) -> None:
    take(refining)

    with pytest.raises(LostLease):
        refinements.keep(Lease(refining.pk, uuid4()), new_refinement(suspect), [new_face(1)], timings={})

    assert not Page.objects.filter(job=refining).exists()
    folder = settings.STORAGES["default"]["OPTIONS"]["location"]
    assert not list(folder.glob("refinements/*"))


def test_a_file_that_is_not_the_one_it_is_called_is_refused(refining: Job, suspect: Face) -> None:
    from dataclasses import replace

    with pytest.raises(ValueError, match="digest"):
        refinements.keep(
            take(refining), replace(new_refinement(suspect), file=b"other"), [new_face(1)], timings={}
        )
    assert not Refinement.objects.exists()


def test_a_running_refinement_can_be_ended_early_once_and_its_worker_hears_of_it(
    refining: Job, officer: User
) -> None:
    lease = take(refining)
    assert leases.stop_requested(lease) is False

    first = jobs.request_stop(seen(refining), by=officer)
    again = jobs.request_stop(seen(refining), by=officer)

    assert leases.stop_requested(lease) is True
    assert leases.cancel_requested(lease) is False
    assert (first.stop_requested, again.sequence) == (True, first.sequence)


def test_what_does_not_run_or_reaches_nothing_cannot_be_ended_early(
    refining: Job, job: Job, officer: User
) -> None:
    with pytest.raises(NothingToStop):
        jobs.request_stop(refining, by=officer)
    take(job)
    with pytest.raises(NothingToStop):
        jobs.request_stop(seen(job), by=officer)


def test_faces_of_different_refinements_are_not_mixed(
    refined: Page, draft: Lineup, page: Page, suspect: Face, officer: User
) -> None:
    own = refined.faces.all()[0]
    again = refinements.refine(draft, faces=[suspect.pk], seconds=60, by=officer)
    other = new_refinement(suspect, seed=1)
    later = refinements.keep(take(again), other, [new_face(7, refinement=other.digest)], timings={})
    further = later.faces.all()[0]

    with pytest.raises(OtherRefinement):
        pages.interpolate(draft, faces=(own.pk, further.pk), steps=5, by=officer)
    assert pages.interpolate(draft, faces=(own.pk, page.faces.all()[0].pk), steps=5, by=officer)


def test_a_refinement_that_a_recipe_names_and_nobody_has_is_said_to_be_missing(
    refined: Page, suspect: Face
) -> None:
    face = refined.faces.all()[0]
    assert selectors.refinement_of([suspect]) is None
    assert selectors.refinement_of([face, suspect]) == Refinement.objects.get()

    face.recipe["refinement"] = "d" * 64
    with pytest.raises(NotFound):
        selectors.refinement_of([face])


def test_a_photograph_without_a_face_cannot_be_refined(
    api: APIClient, draft: Lineup, ready_refiner: None, officer: User
) -> None:
    photo, _ = photos.add(draft, photograph(1), slot=Slot.SUSPECT, by=officer)

    response = ask(api, draft, kind="refine", faces=[photo.pk], seconds=60)

    assert refusal(response) == (409, "photo_not_examined")
