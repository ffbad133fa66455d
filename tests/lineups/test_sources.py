"""Members of one lineup come from one source, unless the officer insists with a reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.audit.models import AuditEvent
from accounts.models import User
from lineups import png
from lineups.capabilities import USUAL, Capabilities, Lock
from lineups.errors import DamagedRecord, OtherSource
from lineups.models import Face, Job, Lineup, Member, Page, Photo, WorkerStatus
from lineups.recipes import Composed, Recipe
from lineups.requests import Examine, Generate, Interpolate, parse
from lineups.services import exports, members, pages, photos, workers
from lineups.services.pages import NewFace
from lineups.sources import Source
from tests.lineups.conftest import CAPABILITIES, SIDE, new_face, picture, take
from tests.lineups.requests import address, ask, refusal, send

GALLERY = "a" * 64
OF_GALLERY = Capabilities(
    locks=[Lock.of(Source.GALLERY, "hair", ["same", "brown", "grey"])],
    source=Source.GALLERY,
    others=[CAPABILITIES],
)


def composed(seed: int) -> NewFace:
    """A face of the gallery as a worker hands it over."""
    made: Composed = {"gallery": GALLERY, "members": [seed], "weights": [1.0], "seed": seed}
    return replace(new_face(seed), recipe=Recipe(GALLERY, None, composed=made))


@pytest.fixture
def both(db: None) -> None:
    """A worker that has both sources, the gallery first."""
    workers.report(
        "interactive@test", queues=["interactive"], ready=True, bundle=GALLERY, capabilities=OF_GALLERY
    )
    WorkerStatus.objects.update(last_seen=timezone.now() + timedelta(hours=1))


def examined(photo: Photo, job: Job) -> Face:
    """A worker frames the face as the gallery's are."""
    recipe = Recipe(GALLERY, None, origin={"box": [1, 2, 3, 4]})
    return photos.examined(
        take(job), photo, png.encode(picture(photo.slot, SIDE)), size=(SIDE, SIDE), recipe=recipe, timings={}
    )


@pytest.fixture
def photographed(api: APIClient, draft: Lineup, both: None) -> Face:
    """The suspect, framed for the gallery, which is the default."""
    send(api, draft, png.encode(picture(3, 96)))
    return examined(Photo.objects.get(), draft.jobs.get())


@pytest.fixture
def filled(draft: Lineup, photographed: Face, officer: User) -> Page:
    """A page of the gallery."""
    job = pages.generate(draft, face=photographed.pk, by=officer)
    return pages.keep(take(job), [composed(seed) for seed in (11, 12, 13)], timings={})


def test_a_photograph_is_examined_for_the_default_source_or_the_one_that_is_asked_for(
    api: APIClient, draft: Lineup, both: None
) -> None:
    send(api, draft, png.encode(picture(3, 96)))
    assert draft.jobs.get().request_as(Examine).source is Source.GALLERY

    again = api.post(f"/api/v1/photos/{Photo.objects.get().pk}/again/", {"source": "generator"})
    assert again.status_code == 201
    newest = draft.jobs.latest("created")
    assert newest.request_as(Examine).source is Source.GENERATOR
    first, second = Photo.objects.order_by("created")
    assert (first.sha256, first.slot) == (second.sha256, second.slot)
    assert newest.request_as(Examine).photo == second.pk


def test_a_photograph_is_removed_with_what_was_kept_of_it_for_another_source(
    draft: Lineup, photographed: Face, officer: User
) -> None:
    photo, job = photos.again(Photo.objects.get(), source=Source.GENERATOR, by=officer)

    photos.remove(photo, by=officer)

    assert not Photo.objects.exists()
    assert not Face.objects.exists()
    assert Job.objects.get(pk=job.pk).state == "cancelled"


def test_a_page_comes_from_the_source_of_the_face_it_starts_from_and_says_so(
    api: APIClient, draft: Lineup, photographed: Face
) -> None:
    assert ask(api, draft, kind="generate", face=photographed.pk).status_code == 202
    job = draft.jobs.get(kind="generate")
    assert job.request["version"] == 2
    assert job.request_as(Generate).source is Source.GALLERY
    page = pages.keep(take(job), [composed(1)], timings={})

    shown = api.get(f"/api/v1/pages/{page.pk}/").json()["faces"][0]
    assert shown["source"] == "gallery"
    assert AuditEvent.objects.get(action="page.made").data["source"] == "gallery"
    recipe = page.faces.get().parsed_recipe
    assert recipe.composed == {"gallery": GALLERY, "members": [1], "weights": [1.0], "seed": 1}


def test_another_source_than_that_of_the_face_to_start_from_is_refused(
    api: APIClient, draft: Lineup, photographed: Face
) -> None:
    answer = ask(api, draft, kind="generate", face=photographed.pk, source="generator")

    assert refusal(answer) == (400, "invalid")
    assert answer.json()["fields"]["source"][0].endswith("Have the photograph examined for the generator.")


def test_faces_of_different_sources_have_no_way_between_them(
    api: APIClient, draft: Lineup, filled: Page, make_generated: Callable[[], Face]
) -> None:
    faces = [str(filled.faces.all()[0].pk), str(make_generated().pk)]

    assert refusal(ask(api, draft, kind="interpolate", faces=faces)) == (400, "invalid")
    of_one = [str(face.pk) for face in filled.faces.all()[:2]]
    assert ask(api, draft, kind="interpolate", faces=of_one, source="gallery").status_code == 202
    assert draft.jobs.get(kind="interpolate").request_as(Interpolate).source is Source.GALLERY


@pytest.fixture
def make_generated(draft: Lineup, filled: Page) -> Callable[[], Face]:
    """A face of the generator in a lineup whose others are the gallery's."""

    def make() -> Face:
        (face,) = filled.faces.filter(position=3)
        Face.objects.filter(pk=face.pk).update(source=Source.GENERATOR, recipe=new_face(9).recipe.to_dict())
        face.refresh_from_db()
        return face

    return make


def test_locks_are_those_of_the_source(api: APIClient, draft: Lineup, photographed: Face) -> None:
    refused = ask(api, draft, kind="generate", face=photographed.pk, locks={"sex": "same"})

    assert refused.json()["detail"] == "The attribute 'sex' cannot be locked. Choose among hair."
    assert ask(api, draft, kind="generate", face=photographed.pk, locks={"hair": "same"}).status_code == 202


def test_a_face_of_another_source_needs_a_reason_which_is_kept_and_told(
    api: APIClient, draft: Lineup, filled: Page, make_generated: Callable[[], Face], officer: User
) -> None:
    other, where = make_generated(), address(draft, "members/")
    for face in filled.faces.exclude(pk=other.pk):
        assert api.post(where, {"face": face.pk}, format="json").json()["reason"] == ""

    assert refusal(api.post(where, {"face": other.pk}, format="json")) == (409, "other_source")
    assert refusal(api.post(where, {"face": other.pk, "reason": "  "}, format="json")) == (
        409,
        "other_source",
    )
    added = api.post(where, {"face": other.pk, "reason": "Nobody else has his scar."}, format="json")

    assert added.json()["reason"] == "Nobody else has his scar."
    event = AuditEvent.objects.filter(action="member.added").latest("seq")
    assert (event.actor, event.data["reason"], event.data["source"]) == (
        officer, "Nobody else has his scar.", "generator",
    )  # fmt: skip
    export = exports.save(draft, by=officer)
    record = api.get(f"/api/v1/exports/{export.pk}/document/").content.decode()
    assert "because: Nobody else has his scar." in record
    assert AuditEvent.objects.get(action="lineup.saved").data["sources"] == ["gallery", "generator"]


def test_a_suspect_who_was_framed_anew_is_not_saved_beside_fillers_of_the_other_source(
    draft: Lineup, filled: Page, officer: User
) -> None:
    members.add(draft, filled.faces.first(), by=officer)  # type: ignore[arg-type]
    Face.objects.filter(kind="photo").update(source=Source.GENERATOR)

    with pytest.raises(OtherSource):
        exports.save(draft, by=officer)
    assert Member.objects.count() == 2


def test_the_gallery_is_not_refined(
    api: APIClient, draft: Lineup, photographed: Face, ready_refiner: None
) -> None:
    answer = ask(api, draft, kind="refine", faces=[str(photographed.pk)], seconds=60)

    assert refusal(answer) == (409, "not_refinable")
    assert "Only the generator" in answer.json()["detail"]


def test_the_api_tells_which_sources_there_are_and_which_is_the_default(api: APIClient, both: None) -> None:
    able = api.get("/api/v1/status/").json()["abilities"]

    assert able["source"] == "gallery"
    assert [other["source"] for other in able["others"]] == ["generator"]
    assert able["locks"] == [{"name": "hair", "values": ["same", "brown", "grey"], "usual": "same"}]
    assert Capabilities.from_dict(OF_GALLERY.to_dict()).to_dict() == OF_GALLERY.to_dict()


def test_a_worker_that_lost_the_source_of_a_face_says_so(
    api: APIClient, draft: Lineup, photographed: Face, ready_worker: None
) -> None:
    answer = ask(api, draft, kind="generate", face=photographed.pk)

    assert answer.json()["detail"] == "The worker has no gallery. Have the photograph examined again."


def test_of_people_on_photographs_fillers_usually_share_what_a_witness_would_say() -> None:
    assert USUAL[Source.GALLERY] == (
        "sex", "age_group", "ethnic_appearance", "hair", "hair_length", "beard", "baldness", "glasses",
    )  # fmt: skip


@pytest.mark.parametrize("written", [{"source": "gallery"}, {"version": 2}, {"source": "x", "version": 2}])
def test_a_request_whose_version_and_source_do_not_go_together_is_refused(
    written: dict[str, Any], photographed: Face
) -> None:
    with pytest.raises(DamagedRecord):
        parse(Examine, {**Examine(photographed.pk).to_dict(), **written})
