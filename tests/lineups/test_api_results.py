"""What the API answers about results, and what it saves."""

import io

import numpy as np
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import User
from lineups.models import Lineup, Page
from lineups.recipes import unpack
from lineups.services import lineups, members
from lineups.services.exports import shuffled
from tests.lineups.conftest import BUNDLE, picture
from tests.lineups.requests import address, refusal


def test_a_page_shows_its_faces_and_a_face_its_whole_recipe(api: APIClient, page: Page) -> None:
    shown = api.get(f"/api/v1/pages/{page.pk}/").json()

    assert [face["position"] for face in shown["faces"]] == [1, 2, 3]
    first = shown["faces"][0]
    told = {"bundle": BUNDLE, "noise_seed": 100, "refinement": None, "arithmetic": None}
    assert first["recipe_summary"] == told
    recipe = api.get(f"/api/v1/faces/{first['id']}/").json()["recipe"]
    latent = np.random.default_rng(100).standard_normal((10, 512)).astype(np.float32)
    assert np.array_equal(unpack(recipe["w_plus"]), latent)
    pixels = np.asarray(Image.open(io.BytesIO(api.get(first["image"]).content)))
    assert np.array_equal(pixels, picture(100))


def test_a_face_of_another_lineup_is_no_member(api: APIClient, page: Page, officer: User) -> None:
    other = lineups.create(case_reference="K-9", title="Theft", by=officer)

    response = api.post(address(other, "members/"), {"face": page.faces.all()[0].pk}, format="json")

    assert refusal(response) == (400, "invalid")


def test_a_lineup_without_suspect_or_without_filler_is_not_saved(
    api: APIClient, draft: Lineup, page: Page, officer: User
) -> None:
    assert refusal(api.post(address(draft, "save/"))) == (409, "no_filler")
    members.add(draft, page.faces.all()[0], by=officer)
    members.remove(draft.members.get(role="suspect"), by=officer)
    assert refusal(api.post(address(draft, "save/"))) == (409, "no_suspect")


def test_a_saved_lineup_is_a_picture_of_its_members_in_the_order_drawn(
    api: APIClient, complete: Lineup
) -> None:
    response = api.post(address(complete, "save/"))

    export = response.json()
    assert response.status_code == 201
    told = {"id", "image", "document", "mark", "order", "suspect_position", "sha256", "created"}
    assert set(export) == told
    suspect = complete.members.get(role="suspect")
    assert export["order"][export["suspect_position"] - 1] == str(suspect.face_id)
    drawn = shuffled(list(complete.members.order_by("position")), complete.export.seed)
    assert [str(member.face_id) for member in drawn] == export["order"]
    with Image.open(io.BytesIO(api.get(export["image"]).content)) as sheet:
        assert sheet.format == "PNG"
        assert sheet.width > 3 * 200


def test_every_order_is_drawn_about_equally_often(complete: Lineup) -> None:
    entrants = list(complete.members.order_by("position"))
    drawn = [tuple(m.position for m in shuffled(entrants, seed)) for seed in range(6000)]

    counts = [drawn.count(order) for order in set(drawn)]
    assert len(counts) == 6
    assert min(counts) > 870, "1000 expected, 4.5 standard deviations off"
    assert max(counts) < 1130
