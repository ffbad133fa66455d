"""What may be asked for, and what becomes of it."""

from collections.abc import Callable

import pytest

from accounts.models import User
from lineups.constraints import FaceConstraints
from lineups.errors import (
    JobRunning,
    NotFound,
    NoWorkerReady,
)
from lineups.models import Face, Job, Lineup, Page, Photo, Slot
from lineups.services import leases, pages, photos
from lineups.states import Kind
from tests.lineups.conftest import (
    photograph,
    some_recipe,
    take,
)


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

    assert following.request == {
        **first.job.request,
        "similarity_page": 2,
        "below": pytest.approx(first.mean_similarity),
    }


def test_a_page_whose_distance_is_given_need_not_be_below_the_one_before(
    draft: Lineup, suspect: Face, make_page: Callable[..., Page], officer: User
) -> None:
    make_page(draft, suspect, seed=77)

    asked = pages.generate(
        draft, face=suspect.pk, similarity_page=2, constraints=FaceConstraints(distance=0.5), by=officer
    )

    assert "below" not in asked.request


def test_only_a_page_of_the_same_draw_is_one_that_another_follows(
    draft: Lineup, suspect: Face, make_page: Callable[..., Page], officer: User
) -> None:
    make_page(draft, suspect, seed=77)

    asked = pages.generate(draft, face=suspect.pk, similarity_page=2, seed=78, by=officer)

    assert "below" not in asked.request


def test_a_page_keeps_all_of_its_faces_in_order_with_what_makes_them_again(page: Page, suspect: Face) -> None:
    faces = list(page.faces.order_by("position"))

    assert [face.position for face in faces] == [1, 2, 3]
    assert page.inputs == [str(suspect.pk)]
    assert page.mean_similarity == pytest.approx(0.89)
    assert [face.recipe for face in faces] == [some_recipe(100 + number).to_dict() for number in range(3)]


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
