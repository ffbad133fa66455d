"""Kernel distance: unbiased, and against its definition."""

import numpy as np
import pytest

from pipeline.evaluation.kernel import kernel_distance, squared_discrepancy


def by_definition(a: np.ndarray, b: np.ndarray) -> float:
    def kernel(x: np.ndarray, y: np.ndarray) -> float:
        return float((x @ y / len(x) + 1.0) ** 3)

    same_a = np.mean([kernel(x, y) for i, x in enumerate(a) for j, y in enumerate(a) if i != j])
    same_b = np.mean([kernel(x, y) for i, x in enumerate(b) for j, y in enumerate(b) if i != j])
    across = np.mean([kernel(x, y) for x in a for y in b])
    return float(same_a + same_b - 2 * across)


def test_it_is_what_the_formula_says() -> None:
    random = np.random.default_rng(0)
    a, b = random.standard_normal((7, 5)), random.standard_normal((9, 5)) + 0.5

    assert squared_discrepancy(a, b) == pytest.approx(by_definition(a, b))


def test_it_is_zero_on_average_for_equal_distributions_however_few_the_samples() -> None:
    random = np.random.default_rng(1)
    values = [
        squared_discrepancy(random.standard_normal((10, 8)), random.standard_normal((10, 8)))
        for _ in range(2000)
    ]

    assert abs(np.mean(values)) < 4 * np.std(values) / np.sqrt(len(values))
    assert min(values) < 0 < max(values)


def test_it_grows_with_the_difference() -> None:
    random = np.random.default_rng(2)
    real = random.standard_normal((300, 8)).astype(np.float32)
    means = [
        kernel_distance(real, real[::-1] + shift, subsets=10, subset_size=100).mean for shift in (0, 0.5, 1)
    ]

    assert abs(means[0]) < 0.1 * means[1] < 0.1 * means[2]


def test_subsets_are_no_larger_than_the_smaller_set_and_the_same_for_a_seed() -> None:
    random = np.random.default_rng(3)
    real, generated = random.standard_normal((50, 4)), random.standard_normal((20, 4))

    first = kernel_distance(real, generated, subsets=5, seed=4)

    assert (first.subset_size, first.subsets) == (20, 5)
    assert first == kernel_distance(real, generated, subsets=5, seed=4)
    assert first != kernel_distance(real, generated, subsets=5, seed=5)


def test_one_sample_is_too_few() -> None:
    with pytest.raises(ValueError, match="two samples"):
        kernel_distance(np.zeros((1, 3), np.float32), np.zeros((9, 3), np.float32))
