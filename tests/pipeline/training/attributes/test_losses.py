"""The losses are those of the papers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from pipeline.networks.backend import value_and_gradients
from pipeline.training.attributes.losses import cross_entropy, focal_loss


def focal(logit: float, target: float, *, alpha: float = 0.5, gamma: float = 2.0) -> float:
    """The loss of one face with one label."""
    logits, targets = (ops.convert_to_tensor([[value]], "float32") for value in (logit, target))
    return float(focal_loss(logits, targets, alpha=alpha, gamma=gamma))


@settings(deadline=None)
@given(st.floats(-15, 15), st.sampled_from([0.0, 1.0]), st.floats(0.05, 0.95), st.floats(0, 5))
def test_the_focal_loss_is_equation_5(logit: float, target: float, alpha: float, gamma: float) -> None:
    p = 1.0 / (1.0 + np.exp(-logit))
    right, weight = (p, alpha) if target else (1.0 - p, 1.0 - alpha)
    expected = -weight * (1.0 - right) ** gamma * np.log(right)
    assert focal(logit, target, alpha=alpha, gamma=gamma) == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_what_is_easy_weighs_less_than_in_cross_entropy() -> None:
    easy, hard = focal(4.0, 1.0), focal(-4.0, 1.0)
    plain_easy, plain_hard = focal(4.0, 1.0, gamma=0.0), focal(-4.0, 1.0, gamma=0.0)
    assert easy / hard < 0.01 * plain_easy / plain_hard


def test_labels_that_are_not_known_teach_nothing() -> None:
    logits = ops.convert_to_tensor(np.array([[1.0, 2.0], [3.0, -1.0]], np.float32))
    targets = ops.convert_to_tensor(np.array([[1.0, np.nan], [0.0, np.nan]], np.float32))

    def loss(values: list[object]) -> tuple[object, None]:
        return focal_loss(values[0], targets, alpha=0.5, gamma=2.0), None

    value, _, gradients = value_and_gradients(loss, [logits])
    gradient = np.asarray(gradients[0])
    assert np.isfinite(float(value))
    assert (gradient[:, 1] == 0).all()
    assert (gradient[:, 0] != 0).all()


def test_the_loss_of_extreme_logits_is_finite_and_so_is_its_gradient() -> None:
    logits = ops.convert_to_tensor(np.array([[200.0, -200.0]], np.float32))
    targets = ops.convert_to_tensor(np.array([[1.0, 1.0]], np.float32))
    value, _, gradients = value_and_gradients(
        lambda values: (focal_loss(values[0], targets, alpha=0.5, gamma=2.0), None), [logits]
    )
    assert float(value) == pytest.approx(100.0)
    assert np.isfinite(np.asarray(gradients[0])).all()


def test_cross_entropy_leaves_out_faces_without_a_group() -> None:
    logits = np.array([[2.0, 0.0, 0.0], [0.0, 5.0, 0.0]], np.float32)
    targets = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]], np.float32)
    expected = -np.log(np.exp(2.0) / (np.exp(2.0) + 2.0))
    assert float(cross_entropy(logits, targets)) == pytest.approx(expected, rel=1e-5)
    assert float(cross_entropy(logits, np.zeros_like(targets))) == 0.0
