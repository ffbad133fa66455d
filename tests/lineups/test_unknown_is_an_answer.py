"""What a model cannot tell locks nothing and is asked of the officer, whose word then counts."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.audit.models import AuditEvent
from accounts.models import User
from lineups import png
from lineups.constraints import FaceConstraints
from lineups.findings import Findings
from lineups.models import Face, Job, Lineup, Slot
from lineups.services import exports, pages, photos
from tests.lineups.conftest import RELIABILITY, SIDE, new_face, photograph, picture, some_recipe, take
from tests.lineups.requests import address, ask, refusal

SAID: dict[str, Any] = {
    "sex": {"value": None, "confidence": 0.61},
    "beard": {"value": False, "confidence": 0.99},
}


@pytest.fixture
def unsure(draft: Lineup, officer: User, ready_worker: None) -> Face:
    """A suspect of whom the model could not tell the sex."""
    photo, job = photos.add(draft, photograph(1), slot=Slot.SUSPECT, by=officer)
    return photos.examined(
        take(job), photo, png.encode(picture(1)), size=(SIDE, SIDE), recipe=some_recipe(1),
        attributes=SAID, reliability=RELIABILITY, timings={},
    )  # fmt: skip


def state(api: APIClient, face: Face, name: str, value: str | None) -> Any:
    return api.post(f"/api/v1/faces/{face.pk}/statements/", {"name": name, "value": value}, format="json")


def told(api: APIClient, face: Face) -> dict[str, Any]:
    return {
        one["name"]: one for one in api.get(f"/api/v1/faces/{face.pk}/").json()["attributes"]["predicted"]
    }


def asked(lineup: Lineup) -> Any:
    return Job.objects.filter(lineup=lineup, kind="generate").latest("created").request.get("locks")


def test_what_is_unknown_is_told_as_unknown_with_how_unsure_the_model_was(
    api: APIClient, unsure: Face
) -> None:
    sex = told(api, unsure)["sex"]

    assert (sex["value"], sex["confidence"], sex["stated"]) == (None, 0.61, None)


def test_what_is_unknown_locks_nothing_though_everything_as_the_suspects_was_asked_for(
    api: APIClient, draft: Lineup, unsure: Face
) -> None:
    answer = ask(api, draft, kind="generate", face=unsure.pk, locks={"sex": "same", "beard": "same"})

    assert answer.status_code == 202
    assert asked(draft) == {"beard": "same"}


def test_what_the_officer_says_is_told_with_who_said_it_and_is_what_fillers_share(
    api: APIClient, draft: Lineup, unsure: Face, officer: User
) -> None:
    answer = state(api, unsure, "sex", "female")
    ask(api, draft, kind="generate", face=unsure.pk, locks={"sex": "same", "beard": "same"})

    assert answer.status_code == 200
    sex = told(api, unsure)["sex"]
    assert (sex["value"], sex["stated"]["value"], sex["stated"]["by"]) == (None, "female", "olga")
    assert asked(draft) == {"sex": "female", "beard": "same"}
    event = AuditEvent.objects.get(action="finding.stated")
    assert (event.actor, event.object_id) == (officer, str(draft.pk))
    assert event.data == {"face": str(unsure.pk), "name": "sex", "value": "female", "before": None}


def test_the_officers_word_counts_before_the_models_and_can_be_taken_back(
    api: APIClient, draft: Lineup, unsure: Face
) -> None:
    state(api, unsure, "beard", "yes")
    ask(api, draft, kind="generate", face=unsure.pk, locks={"beard": "same"})
    assert asked(draft) == {"beard": "yes"}
    draft.jobs.filter(kind="generate").get()
    state(api, unsure, "beard", None)

    assert told(api, unsure)["beard"]["stated"] is None
    last = AuditEvent.objects.filter(action="finding.stated").latest("seq")
    assert (last.data["value"], last.data["before"]) == (None, "yes")


def test_a_page_from_a_filler_goes_by_what_was_said_of_the_suspect(
    draft: Lineup, unsure: Face, officer: User, api: APIClient
) -> None:
    state(api, unsure, "sex", "female")
    job = pages.generate(draft, face=unsure.pk, by=officer)
    page = pages.keep(take(job), [new_face(5)], timings={})

    ask(api, draft, kind="generate", face=page.faces.get().pk, locks={"sex": "same"})

    assert asked(draft) == {"sex": "female"}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("eyes", "blue", "'eyes' is no attribute that faces can be held to. Choose among sex, beard."),
        ("sex", "green", "sex cannot be 'green'. Choose among male, female."),
        ("sex", "same", "sex cannot be 'same'. Choose among male, female."),
    ],
)
def test_what_no_face_can_be_held_to_cannot_be_said(
    api: APIClient, unsure: Face, name: str, value: str, sentence: str
) -> None:
    answer = state(api, unsure, name, value)

    assert refusal(answer) == (400, "invalid")
    assert answer.json()["detail"] == sentence
    assert not AuditEvent.objects.filter(action="finding.stated").exists()


def test_nobody_describes_a_face_of_nobody(api: APIClient, page: Any) -> None:
    assert refusal(state(api, page.faces.first(), "sex", "male")) == (400, "invalid")


def test_the_record_says_what_was_known_of_the_suspect_and_who_said_it(
    api: APIClient, draft: Lineup, unsure: Face, officer: User
) -> None:
    state(api, unsure, "sex", "female")
    job = pages.generate(draft, face=unsure.pk, by=officer)
    page = pages.keep(take(job), [new_face(5)], timings={})
    api.post(address(draft, "members/"), {"face": page.faces.get().pk}, format="json")
    export = exports.save(draft, by=officer)

    record = api.get(f"/api/v1/exports/{export.pk}/document/").content.decode()

    assert "  sex: a model: not known; olga at 20" in record
    assert ": female" in record
    assert "  beard: a model: no" in record


PREDICTED: list[dict[str, Any]] = [
    {"name": "hair", "value": None, "confidence": 0.4},
    {"name": "sex", "value": "male"},
]


def test_baldness_is_unknown_where_it_would_be_read_from_hair_that_is_unknown() -> None:
    known = Findings(PREDICTED, [])

    assert known.unknown("baldness")
    assert not known.unknown("sex")
    assert not known.unknown("glasses"), "nobody was asked"


def test_a_stated_age_stays_as_the_suspects_so_that_its_neighbours_do_as_well() -> None:
    stated: Any = [{"name": "age_group", "value": "30-39", "by": "olga", "at": ""}]
    known = Findings(None, stated)

    assert known.resolved(FaceConstraints({"age_group": "same"})).locks == {"age_group": "same"}
    assert known.told() == {"age_group": {"value": "30-39", "confidence": 1.0}}


def test_what_is_told_to_a_worker_is_what_was_said_before_what_was_predicted() -> None:
    stated: Any = [{"name": "glasses", "value": "yes", "by": "olga", "at": ""}]

    assert Findings(PREDICTED, stated).told() == {
        "hair": {"value": None, "confidence": 0.4},
        "sex": {"value": "male", "confidence": 0.0},
        "glasses": {"value": True, "confidence": 1.0},
    }


def test_only_what_was_to_be_the_suspects_is_resolved() -> None:
    stated: Any = [{"name": "sex", "value": "female", "by": "olga", "at": ""}]
    constraints = FaceConstraints({"sex": "same", "hair": "black", "baldness": "same"}, 0.5, {"age": 1.0})

    resolved = Findings(PREDICTED, stated).resolved(constraints)

    assert resolved == FaceConstraints({"sex": "female", "hair": "black"}, 0.5, {"age": 1.0})
