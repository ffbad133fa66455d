"""What the API answers to photographs, good and bad."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import User
from lineups import png
from lineups.models import Face, Lineup, Slot
from lineups.services import leases, photos
from tests.lineups.conftest import photograph, picture, take
from tests.lineups.requests import address, refusal, send


def test_an_uploaded_photograph_is_kept_under_a_random_name_and_examined(
    api: APIClient, draft: Lineup
) -> None:
    response = send(api, draft, png.encode(picture(1, 96)))

    assert response.status_code == 201
    body = response.json()
    photo = draft.photos.get()
    assert "passwd" not in (photo.file.name or "")
    assert body["photo"] == {
        "id": str(photo.pk), "slot": 1, "width": 96, "height": 96, "sha256": photo.sha256,
        "image": f"/api/v1/photos/{photo.pk}/image/", "face": None, "advice": None,
        "created": body["photo"]["created"],
    }  # fmt: skip
    assert (body["job"]["kind"], body["job"]["state"]) == ("examine", "queued")
    kept = np.asarray(Image.open(io.BytesIO(api.get(body["photo"]["image"]).content)))
    assert np.array_equal(kept, picture(1, 96))


def animated() -> bytes:
    frames = [Image.fromarray(picture(number)) for number in range(2)]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", (400, "not_an_image")),
        (png.encode(picture(1, 300)), (400, "image_too_large")),
        (animated(), (400, "animated_image")),
        (bytes(200_000), (413, "upload_too_large")),
        (bytes(1_000_000), (413, "upload_too_large")),
    ],
    ids=["svg", "too many pixels", "animated", "too many bytes", "far too many bytes"],
)
def test_what_is_no_usable_photograph_is_refused_with_its_reason(
    api: APIClient, draft: Lineup, settings: Any, content: bytes, expected: tuple[int, str]
) -> None:
    settings.LIGAN_UPLOAD_MAX_BYTES = 150_000
    settings.LIGAN_PHOTO_MAX_PIXELS = 80_000
    if expected[1] == "image_too_large":
        settings.LIGAN_UPLOAD_MAX_BYTES = 10**6

    assert refusal(send(api, draft, content)) == expected
    assert not draft.photos.exists()


def test_a_removed_photograph_is_gone_from_the_disk_with_its_face(
    api: APIClient,
    draft: Lineup,
    suspect: Face,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    folder = settings.STORAGES["default"]["OPTIONS"]["location"]
    assert len(list(folder.rglob("*.png"))) == 2

    with django_capture_on_commit_callbacks(execute=True):
        api.delete(f"/api/v1/photos/{draft.photos.get().pk}/")

    assert list(folder.rglob("*.png")) == []


def test_a_photograph_has_one_of_two_places(api: APIClient, draft: Lineup) -> None:
    assert refusal(send(api, draft, png.encode(picture(1)), slot=3)) == (400, "invalid")


def test_the_newest_photograph_of_a_slot_is_the_one_shown(
    api: APIClient, draft: Lineup, examine: Callable[..., Any]
) -> None:
    examine(draft, seed=1)
    newer = examine(draft, seed=2)

    (shown,) = api.get(address(draft)).json()["photos"]
    assert shown["id"] == str(newer.pk)


@pytest.mark.parametrize(("outside", "said"), [(0.0, False), (0.1, False), (0.11, True)])
def test_a_photograph_cut_close_to_the_face_is_pointed_out(
    api: APIClient, draft: Lineup, examine: Callable[..., Any], outside: float, said: bool
) -> None:
    examine(draft, outside=outside)

    (shown,) = api.get(address(draft)).json()["photos"]
    assert bool(shown["advice"]) is said


def test_why_no_face_was_found_stays_beside_its_photograph_however_much_was_done_since(
    api: APIClient, draft: Lineup, examine: Callable[..., Any], officer: User
) -> None:
    photo, job = photos.add(draft, photograph(1), slot=Slot.SECOND, by=officer)
    leases.fail(take(job), code="no_face", reason="No face was found.", timings={})
    for seed in range(2, 9):
        examine(draft, seed=seed)

    jobs = {job["id"]: job for job in api.get(address(draft)).json()["jobs"]}
    assert len(jobs) == 6
    assert jobs[str(job.pk)]["reason"] == "No face was found."
    assert jobs[str(job.pk)]["photo"] == str(photo.pk)
