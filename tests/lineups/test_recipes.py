"""A recipe gives back the latent to the last bit, on any machine."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lineups.errors import DamagedRecord
from lineups.recipes import Arithmetic, Composed, Latent, Recipe, pack, unpack

LATENTS = arrays(np.float32, st.tuples(st.integers(1, 14), st.integers(1, 8)))


@given(LATENTS)
def test_a_latent_survives_the_database_to_the_last_bit(w_plus: np.ndarray) -> None:
    kept: Latent = json.loads(json.dumps(pack(w_plus)))

    assert unpack(kept).tobytes() == w_plus.tobytes()
    assert unpack(kept).shape == w_plus.shape


def test_a_recipe_names_the_model_and_says_where_the_face_came_from() -> None:
    made = Recipe("b" * 64, pack(np.zeros((2, 3), np.float32)), 4, origin={"seed": 9}).to_dict()

    assert {key: made[key] for key in ("bundle", "refinement", "noise_seed", "seed")} == {
        "bundle": "b" * 64, "refinement": None, "noise_seed": 4, "seed": 9,
    }  # fmt: skip


@pytest.mark.parametrize(
    "change", [{"dtype": ">f4"}, {"shape": [3, 3]}, {"base64": "not base64"}, {"base64": "AAAA"}]
)
def test_a_damaged_latent_is_refused_instead_of_giving_another_face(change: dict[str, object]) -> None:
    kept = {**pack(np.zeros((2, 3), np.float32)), **change}

    with pytest.raises(ValueError):  # noqa: PT011 (of whatever part is damaged)
        unpack(kept)  # type: ignore[arg-type]


COMPOSED: Composed = {"gallery": "g" * 64, "members": [4, 9], "weights": [0.25, 0.75], "seed": 7}


CHANGED: Composed = {**COMPOSED, "hair": "grey", "glasses": True}


@pytest.mark.parametrize("composed", [COMPOSED, CHANGED])
def test_the_recipe_of_a_composed_face_survives_the_database(composed: Composed) -> None:
    made = Recipe("b" * 64, None, composed=composed, origin={"seed": 9, "similarity": 0.5})

    kept = json.loads(json.dumps(made.to_dict()))

    assert Recipe.from_dict(kept) == made
    assert "w_plus" not in kept
    with pytest.raises(ValueError, match="has no latent"):
        _ = made.w_plus


@pytest.mark.parametrize(
    "damage", [{"members": []}, {"weights": [1.0]}, {"members": None}, {"gallery": 5}, {"seed": "x"}]
)
def test_a_damaged_composition_is_refused(damage: dict[str, object]) -> None:
    kept = Recipe("b" * 64, None, composed=COMPOSED).to_dict() | {"composed": {**COMPOSED, **damage}}

    with pytest.raises(DamagedRecord, match="damaged"):
        Recipe.from_dict(kept)


ARITHMETIC: Arithmetic = {"runtime": "openvino", "version": "2026.4.1", "precision": "float32"}


@pytest.mark.parametrize("composed", [None, COMPOSED], ids=["generated", "composed"])
@pytest.mark.parametrize("arithmetic", [None, ARITHMETIC], ids=["of before", "named"])
def test_a_recipe_tells_what_computed_the_face_where_that_is_known(
    arithmetic: Arithmetic | None, composed: Composed | None
) -> None:
    latent = None if composed else pack(np.zeros((2, 3), np.float32))
    made = Recipe("b" * 64, latent, composed=composed, arithmetic=arithmetic, origin={"seed": 9})

    kept = json.loads(json.dumps(made.to_dict()))

    assert Recipe.from_dict(kept) == made
    assert ("arithmetic" in kept) == (arithmetic is not None)


@pytest.mark.parametrize("damaged", [{"runtime": "openvino"}, "openvino", 4])
def test_an_arithmetic_that_is_none_is_a_damaged_record(damaged: object) -> None:
    kept = Recipe("b" * 64, pack(np.zeros((2, 3), np.float32))).to_dict()

    with pytest.raises(DamagedRecord):
        Recipe.from_dict({**kept, "arithmetic": damaged})
