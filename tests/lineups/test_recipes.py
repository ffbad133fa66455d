"""A recipe gives back the latent to the last bit, on any machine."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lineups.recipes import Latent, Recipe, pack, unpack

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
