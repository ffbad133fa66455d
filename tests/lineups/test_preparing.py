"""Before a lineup of photographic people is saved, its pictures are evened out and checked."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from PIL import Image
from rest_framework.test import APIClient

from accounts.audit.models import AuditEvent
from accounts.models import User
from lineups import png
from lineups.capabilities import Capabilities
from lineups.errors import NotPrepared
from lineups.models import Export, Face, Job, Lineup, Photo, Preparation, Slot, WorkerStatus
from lineups.recipes import Composed, Recipe
from lineups.requests import Prepare
from lineups.selectors import preparation_of
from lineups.services import exports, members, pages, photos, preparations, workers
from lineups.sources import Source
from tests.lineups.conftest import SIDE, new_face, photograph, picture, take
from tests.lineups.requests import address, ask, refusal

GALLERY = "a" * 64
EVENING = {
    "format": 1,
    "settings": {},
    "steps": [{"name": "brightness", "moved": "fillers", "before": {}, "wanted": {}}],
}
SENTENCE = "The suspect's picture differs plainly in nothing; overall 2nd of 3."
CHECK: dict[str, Any] = {
    "check": "appearance", "suspect": 0, "size": 3, "rank": 2, "combined": [1.0, 1.1, 0.9], "plainly": [],
    "aspects": {
        "wall": {"rank": 3, "distances": [0.1, 0.2, 0.3]},
        "sharpness": {"rank": 1, "distances": [1.7, 0.2, 0.3]},
    },
    "sentence": SENTENCE,
}  # fmt: skip


@pytest.fixture
def people(db: None) -> None:
    """A worker that has a gallery."""
    workers.report(
        "interactive@test", queues=["interactive"], ready=True, bundle=GALLERY,
        capabilities=Capabilities(source=Source.GALLERY),
    )  # fmt: skip
    WorkerStatus.objects.update(last_seen=timezone.now() + timedelta(hours=1))


@pytest.fixture
def gathered(draft: Lineup, people: None, officer: User) -> Lineup:
    """A suspect and two fillers of the gallery."""
    photo, job = photos.add(draft, photograph(1), slot=Slot.SUSPECT, by=officer)
    face = photos.examined(
        take(job), photo, png.encode(picture(1)), size=(SIDE, SIDE), recipe=Recipe(GALLERY, None), timings={}
    )
    made: Composed = {"gallery": GALLERY, "members": [1], "weights": [1.0], "seed": 0}
    new = [replace(new_face(seed), recipe=Recipe(GALLERY, None, composed=made)) for seed in (11, 12, 13)]
    page = pages.keep(take(pages.generate(draft, face=face.pk, by=officer)), new, timings={})
    for filler in page.faces.order_by("position")[:2]:
        members.add(draft, filler, by=officer)
    return draft


def strip(seeds: tuple[int, ...] = (21, 22, 23)) -> bytes:
    """Three pictures, one below the other."""
    return png.encode(np.concatenate([picture(seed) for seed in seeds]))


def prepared(lineup: Lineup, by: User, **how: Any) -> Preparation:
    """A worker's answer to a request for the members' pictures."""
    job = preparations.prepare(lineup, by=by, **how)
    evening = EVENING if how.get("even", True) else None
    return preparations.keep(take(job), strip(), evening=evening, appearance=CHECK, timings={})


def test_the_pictures_are_asked_for_in_the_order_of_the_members(api: APIClient, gathered: Lineup) -> None:
    assert ask(api, gathered, kind="prepare").status_code == 202

    request = gathered.jobs.get(kind="prepare").request_as(Prepare)
    assert list(request.faces) == [m.face_id for m in gathered.members.order_by("position")]
    assert (request.even, request.reason) == (True, "")


def test_leaving_the_pictures_as_they_are_needs_a_reason(api: APIClient, gathered: Lineup) -> None:
    refused = ask(api, gathered, kind="prepare", even=False, reason=" ")
    assert refusal(refused) == (400, "invalid")
    assert "reason" in refused.json()["fields"]

    assert ask(api, gathered, kind="prepare", even=False, reason="A booking photograph.").status_code == 202
    event = AuditEvent.objects.filter(action="job.submitted").latest("seq")
    assert event.data["request"]["reason"] == "A booking photograph."


def test_what_was_found_is_shown_before_saving_the_furthest_aspect_first(
    api: APIClient, gathered: Lineup, officer: User
) -> None:
    assert api.get(address(gathered)).json()["preparation"] is None
    prepared(gathered, officer)

    shown = api.get(address(gathered)).json()["preparation"]
    assert (shown["evened"], shown["reason"]) == (True, "")
    assert shown["appearance"]["sentence"] == SENTENCE
    assert shown["appearance"]["aspects"] == [
        {"name": "sharpness", "rank": 1, "distance": 1.7},
        {"name": "wall", "rank": 3, "distance": 0.1},
    ]


def test_a_lineup_of_the_gallery_is_not_saved_unchecked(gathered: Lineup, officer: User) -> None:
    with pytest.raises(NotPrepared):
        exports.save(gathered, by=officer)
    assert not Export.objects.exists()


def test_what_was_prepared_counts_only_for_the_members_it_was_made_of(
    gathered: Lineup, officer: User
) -> None:
    prepared(gathered, officer)
    assert preparation_of(gathered)
    last = gathered.members.latest("position")
    members.remove(last, by=officer)

    assert preparation_of(gathered) is None
    with pytest.raises(NotPrepared):
        exports.save(gathered, by=officer)


def test_the_saved_picture_shows_what_was_prepared_and_the_record_says_how(
    api: APIClient, gathered: Lineup, officer: User
) -> None:
    made = prepared(gathered, officer)

    export = exports.save(gathered, by=officer)

    assert export.preparation == made
    sheet = np.asarray(Image.open(io.BytesIO(export.file.read())))
    place = export.order.index(made.faces[0])
    tile = sheet[48 + 32 :][:256, 32 + 288 * place :][:, :256]
    shown = Image.fromarray(picture(21)).resize((256, 256), Image.Resampling.LANCZOS)
    np.testing.assert_array_equal(tile, np.asarray(shown))
    record = api.get(f"/api/v1/exports/{export.pk}/document/").content.decode()
    assert f"Check of appearance: {SENTENCE}" in record
    assert "  brightness: the fillers' brought to the suspect's" in record
    assert "  sharpness: rank 1 of 3, distance 1.70" in record
    assert AuditEvent.objects.get(action="lineup.saved").data["preparation"] == str(made.pk)


def test_the_record_says_why_pictures_were_left_as_they_are(
    api: APIClient, gathered: Lineup, officer: User
) -> None:
    prepared(gathered, officer, even=False, reason="A booking photograph.")
    export = exports.save(gathered, by=officer)

    record = api.get(f"/api/v1/exports/{export.pk}/document/").content.decode()
    assert "The pictures were not evened out, because: A booking photograph." in record


def test_the_trail_tells_what_was_done_to_the_pictures_and_what_the_check_said(
    gathered: Lineup, officer: User
) -> None:
    made = prepared(gathered, officer)

    event = AuditEvent.objects.get(action="lineup.prepared")
    assert event.object_id == str(gathered.pk)
    assert event.data["evening"] == EVENING
    assert event.data["appearance"] == {"sentence": SENTENCE, "rank": 2, "size": 3}
    assert (event.data["preparation"], event.data["requested_by"]) == (str(made.pk), "olga")


def test_a_lineup_of_the_generator_is_neither_prepared_nor_kept_from_being_saved(
    api: APIClient, complete: Lineup, people: None, officer: User
) -> None:
    assert refusal(ask(api, complete, kind="prepare")) == (409, "not_preparable")

    assert exports.save(complete, by=officer).preparation is None


def test_a_removed_photograph_takes_the_pictures_that_were_made_of_it_with_it(
    gathered: Lineup, officer: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    made = prepared(gathered, officer)
    name, storage = str(made.file.name), made.file.storage
    assert storage.exists(name)

    with django_capture_on_commit_callbacks(execute=True):
        photos.remove(Photo.objects.get(), by=officer)

    assert not Preparation.objects.exists()
    assert not storage.exists(name)
    assert Face.objects.filter(kind="photo").count() == 0


def test_no_lineup_is_saved_while_its_pictures_are_in_the_making(
    api: APIClient, gathered: Lineup, officer: User
) -> None:
    preparations.prepare(gathered, by=officer)

    assert refusal(api.post(address(gathered, "save/"))) == (409, "job_running")
    assert Job.objects.unfinished().count() == 1
