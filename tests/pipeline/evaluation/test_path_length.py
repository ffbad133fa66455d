"""Perceptual path length: a generator that is a matrix has lengths that can be written down."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluation.path_length import Sampling, lerp, path_lengths, slerp, summarised

RANDOM = np.random.default_rng(0)
MATRIX = RANDOM.standard_normal((5, 12))


def as_it_is(z: np.ndarray) -> np.ndarray:
    return z


def squares(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Squared distance of the pictures that the matrix makes."""
    return np.asarray((((b - a) @ MATRIX) ** 2).sum(axis=1))


def lengths_in(space: str, sampling: Sampling, epsilon: float = 1e-4, samples: int = 50) -> np.ndarray:
    parts = path_lengths(
        as_it_is,
        squares,
        z_dim=5,
        space="z" if space == "z" else "w",
        sampling=sampling,
        samples=samples,
        batch=16,
        seed=3,
        epsilon=epsilon,
    )
    return np.concatenate(list(parts))


def ends_of(samples: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """The ends that the seed draws, batch by batch, with nothing drawn between them."""
    random, pairs = np.random.default_rng(3), []
    for start in range(0, samples, 16):
        first, second = random.standard_normal((2, min(16, samples - start), 5))
        pairs.append((first, second))
    return pairs


def test_a_straight_way_through_a_linear_generator_is_equally_long_everywhere() -> None:
    ends = ends_of(50)
    expected = np.concatenate([((b - a) @ MATRIX) ** 2 for a, b in ends]).sum(axis=1)

    np.testing.assert_allclose(lengths_in("w", "end"), expected, rtol=1e-6)


def test_on_the_sphere_the_speed_is_the_angle() -> None:
    expected = []
    for pair in ends_of(50):
        a, b = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in pair)
        angle = np.arccos(np.sum(a * b, axis=1))[:, None]
        # The beginning of the way, at right angles to a.
        tangent = b - np.sum(a * b, axis=1, keepdims=True) * a
        tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
        expected.append((((angle * tangent) @ MATRIX) ** 2).sum(axis=1))

    np.testing.assert_allclose(lengths_in("z", "end"), np.concatenate(expected), rtol=1e-3)


@pytest.mark.parametrize("space", ["z", "w"])
def test_the_step_is_small_enough_not_to_matter(space: str) -> None:
    for sampling in ("full", "end"):
        np.testing.assert_allclose(
            lengths_in(space, sampling, epsilon=1e-3), lengths_in(space, sampling), rtol=0.01
        )


UNIT = st.floats(0, 1)


@given(st.integers(0, 2**31), UNIT)
def test_the_way_on_the_sphere_goes_from_one_end_to_the_other_evenly(seed: int, t: float) -> None:
    random = np.random.default_rng(seed)
    a, b = random.standard_normal((2, 3, 6))
    where = np.full((3, 1), t)
    whole = np.arccos(np.clip((slerp(a, b, where * 0) * slerp(a, b, where * 0 + 1)).sum(axis=1), -1, 1))

    point = slerp(a, b, where)

    np.testing.assert_allclose(np.linalg.norm(point, axis=1), 1.0)
    gone = np.arccos(np.clip((slerp(a, b, where * 0) * point).sum(axis=1), -1, 1))
    np.testing.assert_allclose(gone, t * whole, atol=1e-6)
    np.testing.assert_allclose(slerp(a, b, where * 0 + 1), b / np.linalg.norm(b, axis=1, keepdims=True))


def test_the_straight_way_has_its_ends() -> None:
    a, b = RANDOM.standard_normal((2, 3, 4))

    np.testing.assert_allclose(lerp(a, b, np.zeros((3, 1))), a)
    np.testing.assert_allclose(lerp(a, b, np.ones((3, 1))), b)


def test_the_longest_and_the_shortest_hundredth_are_left_out() -> None:
    lengths = np.concatenate([np.full(198, 2.0), [1e9, 1e-9]])

    summary = summarised(lengths)

    assert (summary.mean, summary.error, summary.samples) == (2.0, 0.0, 200)
