"""Why Adam is the project's own: Keras' is another update where gradients are small."""

import keras
import numpy as np
import pytest
from keras import ops

from pipeline.networks.adam import adam_state, adam_step

BETAS = {"beta1": 0.0, "beta2": 0.99 ** (4 / 5)}  # of StyleGAN2's generator


def stepped(size: float) -> tuple[float, float]:
    """How far a weight moves in the first step, in rates, by a gradient of this size: here, and by Keras."""
    start, gradient = ops.zeros((1,)), ops.full((1,), size)
    (own,), _ = adam_step([start], [gradient], adam_state([start]), rate=1.0, **BETAS)
    variable = keras.Variable(np.zeros(1, np.float32))
    keras.optimizers.Adam(1.0, BETAS["beta1"], BETAS["beta2"], epsilon=1e-8).apply([gradient], [variable])
    return float(own[0]), float(ops.convert_to_numpy(variable)[0])


def test_both_take_the_same_step_where_epsilon_does_not_count() -> None:
    own, by_keras = stepped(0.3)
    assert own == pytest.approx(-1.0, rel=1e-5)
    assert own == pytest.approx(by_keras, rel=1e-5)


def test_a_gradient_of_epsilons_size_moves_a_weight_by_half_a_rate_as_published_and_not_as_by_keras() -> None:
    own, by_keras = stepped(1e-8)
    assert own == pytest.approx(-0.5, rel=1e-3)
    assert by_keras == pytest.approx(-1 / 12.2, rel=0.01)


def test_nan_counts_as_nothing_and_infinity_as_a_large_number() -> None:
    start = ops.zeros((3,))
    gradient = ops.convert_to_tensor(np.array([np.nan, np.inf, -np.inf], np.float32))
    (after,), state = adam_step([start], [gradient], adam_state([start]), rate=1.0, **BETAS)
    np.testing.assert_allclose(after, [0.0, -1.0, 1.0], atol=1e-5)
    np.testing.assert_allclose(state["m"][0], [0.0, 1e5, -1e5])
