"""Requests and recipes are read in one place, and what cannot be read says so."""

from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from rest_framework.test import APIClient

from lineups.constraints import FaceConstraints
from lineups.errors import DamagedRecord
from lineups.models import Face, Job
from lineups.recipes import Recipe, pack
from lineups.requests import Examine, Generate, Interpolate, Refine, parse

FACE, PHOTO = uuid4(), uuid4()
HELD = FaceConstraints(locks={"sex": "same"}, distance=0.25, adjust={"age": 1.5})
REQUESTS: list[Examine | Generate | Interpolate | Refine] = [
    Examine(PHOTO),
    Generate(FACE, similarity_page=3, seed=7, constraints=HELD, below=0.5),
    Interpolate((FACE, PHOTO), steps=5),
    Refine((FACE,), (PHOTO,), same_person=False, seconds=60, seed=7, constraints=HELD),
]
NAMES = [type(request).__name__ for request in REQUESTS]


@pytest.mark.parametrize("request_", REQUESTS, ids=NAMES)
def test_a_request_comes_back_from_its_row_as_it_was(request_: Any) -> None:
    written = request_.to_dict()

    assert parse(type(request_), written) == request_
    assert not any(isinstance(value, UUID) for value in written.values())


@pytest.mark.parametrize("request_", REQUESTS, ids=NAMES)
@pytest.mark.parametrize("harm", [{"version": 3}, {"face": "x"}, None])
def test_a_row_that_is_damaged_or_of_another_version_is_refused(request_: Any, harm: Any) -> None:
    written = {**request_.to_dict(), **harm} if harm else {}
    if harm == {"face": "x"} and not isinstance(request_, Generate):
        written = {**written, "faces": ["x"], "photo": "x"}

    with pytest.raises(DamagedRecord, match=r"request of this job is .*\."):
        parse(type(request_), written)


def test_a_recipe_comes_back_from_its_row_as_it_was() -> None:
    recipe = Recipe("b" * 64, pack(np.eye(3, dtype=np.float32)), 4, "d" * 64, {"seed": 9, "from": ["x"]})

    assert Recipe.from_dict(recipe.to_dict()) == recipe


@pytest.mark.parametrize("key", ["bundle", "w_plus", "noise_seed"])
def test_a_recipe_that_lacks_something_is_refused(key: str) -> None:
    written = Recipe("b" * 64, pack(np.eye(3, dtype=np.float32))).to_dict()
    del written[key]

    with pytest.raises(DamagedRecord, match="damaged"):
        Recipe.from_dict(written)
    with pytest.raises(DamagedRecord, match="another version"):
        Recipe.from_dict({**written, "version": 3})


def test_a_damaged_row_ends_in_one_clear_sentence(api: APIClient, job: Job, suspect: Face) -> None:
    Face.objects.filter(pk=suspect.pk).update(recipe={"bundle": "b" * 64})

    answer = api.get(f"/api/v1/faces/{suspect.pk}/")

    assert (answer.status_code, answer.json()["code"]) == (500, "damaged_record")
    assert answer.json()["detail"] == "The recipe of this face is damaged and gives no face."
