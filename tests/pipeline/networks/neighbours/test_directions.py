"""Vector arithmetic in w+."""

import numpy as np
import pytest

from pipeline.networks.neighbours.directions import FURTHEST, Directions, NoDirection

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
