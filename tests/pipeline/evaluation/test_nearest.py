"""Nearest training faces: copies are noticed, new faces are not taken for copies."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluation.nearest import copy_figures, nearest_of

TRAINING = np.random.default_rng(0).standard_normal((300, 16)).astype(np.float32)
AMONG = nearest_of(TRAINING, TRAINING, not_itself=True)


def test_a_copy_finds_its_original_whatever_its_length() -> None:
    which = np.array([7, 3, 299])

    found = nearest_of(TRAINING[which] * 5, TRAINING)

    assert found.places.tolist() == which.tolist()
    np.testing.assert_allclose(found.similarities, 1.0, atol=1e-6)


def test_nobody_is_his_own_neighbour() -> None:
    assert (AMONG.places != np.arange(len(TRAINING))).all()
    assert AMONG.similarities.max() < 0.999


@given(st.integers(0, 2**31))
def test_the_nearest_is_nearer_than_all_others(seed: int) -> None:
    faces = np.random.default_rng(seed).standard_normal((5, 16)).astype(np.float32)
    found = nearest_of(faces, TRAINING)

    directions = TRAINING / np.linalg.norm(TRAINING, axis=1, keepdims=True)
    table = faces / np.linalg.norm(faces, axis=1, keepdims=True) @ directions.T
    np.testing.assert_allclose(found.similarities, table.max(axis=1), atol=1e-6)


def test_a_generator_that_copies_is_nearer_than_training_faces_are_to_one_another() -> None:
    random = np.random.default_rng(1)
    copies = TRAINING[:100] + 0.05 * random.standard_normal((100, 16)).astype(np.float32)
    new = random.standard_normal((100, 16)).astype(np.float32)

    assert copy_figures(nearest_of(copies, TRAINING), AMONG).nearer == 1.0
    assert copy_figures(nearest_of(new, TRAINING), AMONG).nearer < 0.05
