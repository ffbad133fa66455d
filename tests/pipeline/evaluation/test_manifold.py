"""Precision and recall: sets that coincide, lie apart, or lack a part."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluation import manifold
from pipeline.evaluation.manifold import manifold_figures, radii, squared_distances


def cloud(count: int, seed: int, size: int = 8) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, size)).astype(np.float32)


def test_a_set_lies_on_its_own_manifold() -> None:
    faces = cloud(100, 0)

    figures = manifold_figures(faces, faces)

    assert (figures.precision, figures.recall, figures.coverage) == (1.0, 1.0, 1.0)
    # A sample lies in its own training face's ball and in those of the five that have it as a neighbour.
    assert figures.density == pytest.approx(6 / 5, abs=0.02)  # a face on the rim is in or out by rounding


def test_sets_far_apart_share_nothing() -> None:
    figures = manifold_figures(cloud(50, 0), cloud(50, 1) + 100)

    assert (figures.precision, figures.recall, figures.density, figures.coverage) == (0, 0, 0, 0)


def test_two_draws_of_one_distribution_cover_each_other() -> None:
    figures = manifold_figures(cloud(1000, 0, size=4), cloud(1000, 1, size=4))

    assert figures.precision > 0.85
    assert figures.recall > 0.85
    assert figures.density == pytest.approx(1.0, abs=0.1)
    assert figures.coverage > 0.9


def test_a_generator_that_makes_only_some_kinds_is_precise_but_recalls_little() -> None:
    random = np.random.default_rng(2)
    kinds = random.standard_normal((10, 8)) * 20
    real = (kinds[random.integers(0, 10, 500)] + random.standard_normal((500, 8))).astype(np.float32)
    few = (kinds[random.integers(0, 2, 500)] + random.standard_normal((500, 8))).astype(np.float32)

    figures = manifold_figures(real, few)

    assert figures.precision > 0.6
    assert figures.recall < 0.35


@settings(max_examples=20)
@given(st.integers(0, 2**31), st.floats(0.1, 10), st.floats(-10, 10))
def test_neither_order_nor_unit_nor_origin_matters(seed: int, unit: float, origin: float) -> None:
    real, generated = cloud(40, seed), cloud(40, seed + 1) + 0.5
    order = np.random.default_rng(seed).permutation(40)
    expected = manifold_figures(real, generated)

    moved = manifold_figures(real[order] * unit + origin, generated[order[::-1]] * unit + origin)

    assert moved == expected


def test_equally_many_of_each_kind_are_compared() -> None:
    figures = manifold_figures(cloud(30, 0), cloud(80, 1))

    assert figures.samples == 30
    assert figures == manifold_figures(cloud(30, 0), cloud(80, 1)[:30])


def test_radii_reach_to_the_third_and_fifth_neighbour() -> None:
    line = np.array([0, 1, 3, 6, 10, 15], np.float32)[:, None]

    assert radii(line)[0].tolist() == pytest.approx([36, 225])
    assert radii(line)[3].tolist() == pytest.approx([25, 81])


def test_blocks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    real, generated = cloud(70, 0), cloud(70, 1)
    whole = manifold_figures(real, generated)
    monkeypatch.setattr(manifold, "BLOCK", 16)

    assert manifold_figures(real, generated) == whole
    table = np.concatenate([distances for _, distances in squared_distances(real, generated)])
    direct = ((real[:, None] - generated[None]) ** 2).sum(axis=2)
    np.testing.assert_allclose(table, direct, rtol=1e-4)


def test_too_few_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 5"):
        manifold_figures(cloud(5, 0), cloud(50, 1))
