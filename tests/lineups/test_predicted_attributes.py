"""Predicted attributes are kept with a face, told with how reliable they are, and gone with the face."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError
from rest_framework.test import APIClient

from accounts.audit.models import AuditEvent
from accounts.models import User
from lineups.attributes import JUDGED, NOT_REAL, note
from lineups.models import Face, Lineup, Page, Photo, Predictor
from lineups.services import pages, photos
from tests.lineups.conftest import BUNDLE, HEADS, PREDICTED, RELIABILITY, new_face, take
from tests.lineups.requests import address


@pytest.fixture
def judged(draft: Lineup, suspect: Face, make_page: Callable[..., Page]) -> Page:
    """A page of faces with predicted attributes."""
    return make_page(draft, suspect, count=2, predicts=True)


@pytest.fixture
def judged_suspect(draft: Lineup, examine: Callable[..., Photo]) -> Face:
    """A suspect whose attributes were predicted."""
    return examine(draft, predicts=True).face


def named(name: str) -> dict[str, Any]:
    return {"name": name, **PREDICTED[name]}


def test_a_face_tells_what_was_predicted_of_it_and_how_often_that_is_right(
    api: APIClient, judged: Page
) -> None:
    (told, _) = (shown["attributes"] for shown in api.get(f"/api/v1/pages/{judged.pk}/").json()["faces"])

    assert told["bundle"] == BUNDLE
    measured = {"measured_on": HEADS, "real_people": False}
    assert told["predicted"] == [
        {**named("sex"), "stated": None, "accuracy": 0.975, "near": None, "measured": 320, **measured},
        {**named("age_group"), "stated": None, "accuracy": 0.61, "near": 0.91, "measured": 318, **measured},
        {
            **named("beard"),
            "stated": None,
            **dict.fromkeys(("accuracy", "near", "measured", "measured_on")),
            "real_people": False,
        },
    ]
    assert told["note"] == f"{JUDGED} How often it is right was measured on {HEADS}. {NOT_REAL}"


def test_a_face_has_the_same_attributes_wherever_it_is_shown(
    api: APIClient, draft: Lineup, judged_suspect: Face
) -> None:
    detail = api.get(address(draft)).json()

    shown = [detail["photos"][0]["face"], detail["members"][0]["face"]]
    shown.append(api.get(f"/api/v1/faces/{judged_suspect.pk}/").json())
    first, *others = (each["attributes"] for each in shown)
    assert [each["name"] for each in first["predicted"]] == list(PREDICTED)
    assert others == [first, first]


def test_a_bundle_that_predicts_nothing_leaves_nothing_to_tell(
    api: APIClient, page: Page, suspect: Face
) -> None:
    shown = api.get(f"/api/v1/pages/{page.pk}/").json()["faces"]
    shown.append(api.get(f"/api/v1/faces/{suspect.pk}/").json())

    assert [face["attributes"] for face in shown] == [None] * 4
    assert not Predictor.objects.exists()


def test_attributes_that_nobody_answers_for_are_not_stored(judged: Page) -> None:
    with pytest.raises(IntegrityError, match="face_attributes_are_of_a_predictor"):
        Face.objects.filter(page=judged).update(predictor=None)


def test_what_a_bundle_says_of_itself_is_stored_once_and_does_not_change(
    draft: Lineup, judged: Page, suspect: Face, officer: User
) -> None:
    better = {**RELIABILITY, "sex": {**RELIABILITY["sex"], "accuracy": 1.0}}
    job = pages.generate(draft, face=suspect.pk, seed=2, by=officer)
    pages.keep(take(job), [new_face(3, attributes=PREDICTED)], reliability=better, timings={})

    assert Predictor.objects.get().reliability == RELIABILITY


def test_a_removed_photograph_takes_what_was_predicted_of_the_person_with_it(
    draft: Lineup, judged_suspect: Face, officer: User
) -> None:
    photos.remove(Photo.objects.get(), by=officer)

    assert not Face.objects.exists()
    kept = json.dumps(list(AuditEvent.objects.values_list("data", flat=True)))
    assert "female" not in kept
    assert "30-39" not in kept


def test_the_trail_says_which_attributes_were_judged(judged: Page, judged_suspect: Face) -> None:
    for action in ("page.made", "photo.examined"):
        event = AuditEvent.objects.filter(action=action).order_by("-seq")[0]
        assert event.data["predicted"] == list(PREDICTED), action


def test_who_turns_to_the_page_that_live_news_announces_finds_the_attributes(
    draft: Lineup, suspect: Face, ready_worker: None, officer: User, api: APIClient
) -> None:
    job = pages.generate(draft, face=suspect.pk, seed=1, by=officer)
    pages.keep(take(job), [new_face(1, attributes=PREDICTED)], reliability=RELIABILITY, timings={})

    announced = api.get(f"/api/v1/jobs/{job.pk}/").json()["page"]
    (shown,) = api.get(f"/api/v1/pages/{announced}/").json()["faces"]
    assert [each["value"] for each in shown["attributes"]["predicted"]] == ["female", "30-39", False]


REAL = {"accuracy": 0.9, "n": 1000, "measured_on": "photographs of volunteers", "real_people": True}


@pytest.mark.parametrize(
    ("reliability", "warns"),
    [
        ({}, True),
        (RELIABILITY, True),
        ({"sex": REAL, "age_group": REAL}, False),
        ({"sex": REAL, "age_group": RELIABILITY["age_group"]}, None),
    ],
    ids=["not measured", "rendered heads", "real people", "real people in part"],
)
def test_only_a_bundle_that_was_measured_on_real_people_says_something_about_them(
    reliability: Any, warns: bool | None
) -> None:
    said = note(["sex", "age_group"], reliability)

    if warns is None:
        assert "Of real people only sex" in said
    else:
        assert (NOT_REAL in said) is warns
