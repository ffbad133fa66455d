"""Vector arithmetic in w+."""

import numpy as np
import pytest

from pipeline.fillers.directions import FURTHEST, Directions, NoDirection

AGE, BEARD = np.eye(2, dtype=np.float32)[:, :, None]
WAYS = Directions({"age": AGE, "beard": BEARD})
FACE = np.array([[1.0], [2.0]], np.float32)


def test_moves_add_up_in_standard_deviations() -> None:
    np.testing.assert_allclose(WAYS.adjusted(FACE, {"age": 2.0, "beard": -0.5}), [[3.0], [1.5]])


def test_a_move_is_no_longer_than_faces_are_spread() -> None:
    np.testing.assert_allclose(WAYS.adjusted(FACE, {"age": -100.0}), [[1.0 - FURTHEST], [2.0]])


def test_the_face_that_is_moved_stays_what_it_was() -> None:
    before = FACE.copy()
    WAYS.adjusted(FACE, {"age": 1.0})

    np.testing.assert_array_equal(FACE, before)


def test_an_attribute_without_a_direction_is_refused() -> None:
    with pytest.raises(NoDirection, match="no direction of wit; there are: age, beard"):
        WAYS.adjusted(FACE, {"wit": 1.0})


def test_fillers_share_sex_and_skin_and_what_is_locked_as_far_as_it_is_known() -> None:
    gradients = {"sex": [1.0, 0, 0, 0], "skin": [0.6, 0.8, 0, 0], "age": [0, 0, 1.0, 0]}
    ways = Directions({}, {name: np.array(g, np.float32) for name, g in gradients.items()})

    free, locked = ways.held(), ways.held(["age_group", "hair"])

    assert free.shape == (2, 4)
    np.testing.assert_allclose(np.abs(free @ free.T), np.eye(2), atol=1e-6)
    np.testing.assert_allclose(free[:, 2:], 0.0, atol=1e-6)
    assert locked.shape == (3, 4)
    assert Directions({}).held(["beard"]).size == 0


def test_directions_survive_the_bundle() -> None:
    ways = Directions({"age": AGE}, {"sex": np.array([1.0, 0.0], np.float32)})
    again = Directions.of(ways.arrays())

    np.testing.assert_array_equal(again.vectors["age"], AGE)
    np.testing.assert_array_equal(again.gradients["sex"], [1.0, 0.0])
    assert list(again.vectors) == ["age"]
