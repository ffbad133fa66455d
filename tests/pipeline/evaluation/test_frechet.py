"""Fréchet distance: against its closed forms, and what must not change it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.linalg import sqrtm

from pipeline.evaluation.frechet import Gaussian, fid, fid_of_halves, frechet_distance

SIZE = 6
MATRICES = arrays(np.float64, (SIZE, SIZE), elements=st.floats(-3, 3))
MEANS = arrays(np.float64, SIZE, elements=st.floats(-5, 5))


@st.composite
def gaussians(draw: st.DrawFn) -> Gaussian:
    factor = draw(MATRICES)
    return Gaussian(draw(MEANS), factor @ factor.T)


def test_independent_dimensions_have_a_closed_form() -> None:
    a = Gaussian(np.array([0.0, 1.0, 2.0]), np.diag([1.0, 4.0, 9.0]))
    b = Gaussian(np.array([1.0, 1.0, 0.0]), np.diag([4.0, 4.0, 1.0]))

    # Differences of means 1, 0, 2; of deviations 1, 0, 2.
    assert frechet_distance(a, b) == pytest.approx(1 + 4 + 1 + 4)


@given(gaussians(), gaussians())
def test_it_is_what_the_formula_says(a: Gaussian, b: Gaussian) -> None:
    # The formula's square root, taken where it exists for certain.
    ridge = 1e-3 * np.eye(SIZE)
    a, b = Gaussian(a.mean, a.covariance + ridge), Gaussian(b.mean, b.covariance + ridge)
    root = np.real(sqrtm(a.covariance @ b.covariance))
    trace = np.trace(a.covariance + b.covariance - 2 * root)

    distance = frechet_distance(a, b)

    assert distance == pytest.approx(np.sum((a.mean - b.mean) ** 2) + trace, abs=1e-4, rel=1e-6)


@given(gaussians(), gaussians())
def test_it_is_the_same_both_ways_and_never_negative(a: Gaussian, b: Gaussian) -> None:
    distance = frechet_distance(a, b)

    assert distance == pytest.approx(frechet_distance(b, a), abs=1e-5)
    assert distance > -1e-5


@given(gaussians())
def test_a_distribution_has_no_distance_to_itself(a: Gaussian) -> None:
    assert frechet_distance(a, a) == pytest.approx(0.0, abs=1e-5)


@settings(max_examples=25)
@given(st.integers(0, 2**31))
def test_turning_both_sets_changes_nothing(seed: int) -> None:
    random = np.random.default_rng(seed)
    a, b = random.standard_normal((40, SIZE)), random.standard_normal((30, SIZE)) * 2 + 1
    turned = np.linalg.qr(random.standard_normal((SIZE, SIZE)))[0]

    assert fid(a @ turned, b @ turned) == pytest.approx(fid(a, b), rel=1e-6)


def test_shifting_one_set_adds_the_square_of_the_shift() -> None:
    a = np.random.default_rng(0).standard_normal((100, SIZE))

    assert fid(a, a + 3.0) == pytest.approx(9.0 * SIZE, rel=1e-6)


def test_fewer_samples_than_dimensions_are_no_problem() -> None:
    random = np.random.default_rng(0)

    assert np.isfinite(fid(random.standard_normal((4, 50)), random.standard_normal((5, 50))))


def test_halves_of_one_distribution_are_near_each_other() -> None:
    features = np.random.default_rng(0).standard_normal((4000, 4)).astype(np.float32)

    assert 0 < fid_of_halves(features, seed=1) < 0.02


def test_one_sample_has_no_covariance() -> None:
    with pytest.raises(ValueError, match="two samples"):
        Gaussian.of(np.zeros((1, 3), np.float32))
