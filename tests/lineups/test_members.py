"""Who gets into a lineup, and who does not."""

from collections.abc import Callable

import pytest

from accounts.models import User
from lineups import png
from lineups.errors import DuplicateMember, LineupLocked, NotAllowed, SuspectExists
from lineups.models import Face, Lineup, Member, MemberRole, Page, Photo, Slot
from lineups.services import exports, members, photos
from tests.lineups.conftest import photograph, picture, some_recipe, take


def roles(lineup: Lineup) -> list[str]:
    return list(lineup.members.order_by("position").values_list("role", flat=True))


def test_the_suspect_joins_the_lineup_as_soon_as_the_face_is_found(draft: Lineup, suspect: Face) -> None:
    member = draft.members.get()

    assert (member.role, member.face) == (MemberRole.SUSPECT, suspect)


def test_a_selected_face_becomes_a_filler_at_the_end(draft: Lineup, page: Page, officer: User) -> None:
    first, second = page.faces.order_by("position")[:2]

    members.add(draft, second, by=officer)
    members.add(draft, first, by=officer)

    assert [member.face for member in draft.members.order_by("position")][1:] == [second, first]
    assert roles(draft) == ["suspect", "filler", "filler"]


def test_the_same_pixels_cannot_be_in_a_lineup_twice(
    draft: Lineup, suspect: Face, make_page: Callable[..., Page], officer: User
) -> None:
    one, twin = (make_page(draft, suspect, count=1, seed=7).faces.get() for _ in range(2))
    members.add(draft, one, by=officer)

    with pytest.raises(DuplicateMember):
        members.add(draft, twin, by=officer)


def test_a_new_photograph_of_the_suspect_takes_the_place_of_the_earlier_one(
    complete: Lineup, examine: Callable[..., Photo]
) -> None:
    newer = examine(complete, seed=2)

    assert roles(complete) == ["suspect", "filler", "filler"]
    assert complete.members.get(role=MemberRole.SUSPECT).face == newer.face


def test_a_face_found_late_in_an_earlier_photograph_does_not_push_out_the_newer_suspect(
    draft: Lineup, examine: Callable[..., Photo], officer: User
) -> None:
    _, job = photos.add(draft, photograph(1), slot=Slot.SUSPECT, by=officer)
    newer = examine(draft, seed=2)
    earlier = Photo.objects.get(pk=job.request["photo"])

    photos.examined(
        take(job), earlier, png.encode(picture(1)), size=(64, 64), recipe=some_recipe(1), timings={}
    )

    assert draft.members.get().face == newer.face


def test_the_second_photograph_joins_only_when_it_is_selected_and_then_as_a_filler(
    draft: Lineup, suspect: Face, examine: Callable[..., Photo], officer: User
) -> None:
    second = examine(draft, slot=Slot.SECOND, seed=3)
    assert roles(draft) == ["suspect"]

    members.add(draft, second.face, by=officer)

    assert roles(draft) == ["suspect", "filler"]


def test_a_removed_suspect_can_be_selected_again_but_never_a_second_one(
    draft: Lineup, suspect: Face, examine: Callable[..., Photo], officer: User
) -> None:
    members.remove(draft.members.get(), by=officer)
    members.add(draft, suspect, by=officer)
    assert roles(draft) == ["suspect"]

    members.remove(draft.members.get(), by=officer)
    examine(draft, seed=4)
    with pytest.raises(SuspectExists):
        members.add(draft, suspect, by=officer)


def test_positions_stay_distinct_when_members_come_and_go(
    complete: Lineup, page: Page, officer: User
) -> None:
    members.remove(complete.members.order_by("position")[1], by=officer)
    members.add(complete, page.faces.order_by("position")[2], by=officer)

    positions = list(complete.members.values_list("position", flat=True))
    assert len(positions) == len(set(positions)) == 3


def test_removing_the_suspects_photograph_removes_the_suspect(complete: Lineup, officer: User) -> None:
    photos.remove(complete.photos.get(), by=officer)

    assert roles(complete) == ["filler", "filler"]


def test_nobody_but_the_officer_who_made_the_lineup_changes_its_members(
    draft: Lineup, page: Page, colleague: User, supervisor: User, admin: User
) -> None:
    face = page.faces.order_by("position")[0]
    for stranger in (colleague, supervisor, admin):
        with pytest.raises(NotAllowed):
            members.add(draft, face, by=stranger)
        with pytest.raises(NotAllowed):
            members.remove(draft.members.get(), by=stranger)


def test_a_saved_lineup_keeps_its_members_for_ever(saved: Lineup, page: Page, officer: User) -> None:
    with pytest.raises(LineupLocked):
        members.add(saved, page.faces.order_by("position")[2], by=officer)
    with pytest.raises(LineupLocked):
        members.remove(Member.objects.filter(lineup=saved)[0], by=officer)
    assert saved.members.count() == 3


def test_a_change_that_was_on_its_way_while_the_lineup_was_saved_comes_too_late(
    complete: Lineup, page: Page, officer: User
) -> None:
    as_it_was = Lineup.objects.get(pk=complete.pk)
    exports.save(complete, by=officer)

    with pytest.raises(LineupLocked):
        members.add(as_it_was, page.faces.order_by("position")[2], by=officer)
    with pytest.raises(LineupLocked):
        exports.save(as_it_was, by=officer)
