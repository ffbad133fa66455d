"""What the augmentation does to pictures."""

import numpy as np
import pytest
from keras import ops

from pipeline.training.backend import Random
from pipeline.training.stylegan2.augment import adjusted, augment, move, recolour


def pictures(count: int = 8) -> np.ndarray:
    """Random colours."""
    return np.random.default_rng(0).uniform(-1, 1, (count, 16, 16, 3)).astype(np.float32)


def random(seed: int = 0) -> Random:
    """A source of random numbers."""
    return Random(ops.convert_to_tensor([seed, 0], "int32"))


def test_nothing_happens_at_probability_zero() -> None:
    np.testing.assert_allclose(augment(pictures(), 0.0, random()), pictures(), atol=1e-6)


def test_moving_only_rearranges_pixels() -> None:
    before, after = pictures(), np.asarray(move(pictures(), 1.0, random()))
    assert not np.allclose(before, after)
    for one, other in zip(before, after, strict=True):
        colours = {tuple(c) for c in one.reshape(-1, 3)}
        assert {tuple(c) for c in other.reshape(-1, 3)} <= colours


def test_recolouring_leaves_the_place_of_everything() -> None:
    before = np.zeros((8, 16, 16, 3), np.float32)
    before[:, :8] = 0.5
    after = np.asarray(recolour(before, 1.0, random()))
    assert np.ptp(after[:, :8].reshape(8, -1, 3), axis=1).max() < 1e-5
    assert np.ptp(after[:, 8:].reshape(8, -1, 3), axis=1).max() < 1e-5


@pytest.mark.parametrize(("sign", "expected"), [(0.9, 0.51), (0.3, 0.49), (0.6, 0.5)])
def test_the_probability_follows_the_sign_of_overfitting(sign: float, expected: float) -> None:
    p = adjusted(0.5, sign, target=0.6, images=1000, kimg=100)
    assert p == pytest.approx(expected)


def test_the_probability_stays_where_it_does_not_leak() -> None:
    assert adjusted(0.8, 1.0, target=0.6, images=10_000, kimg=1) == 0.8
    assert adjusted(0.0, -1.0, target=0.6, images=10_000, kimg=1) == 0.0
