"""A flow and a mapping network learn where codes lie."""

import keras
import numpy as np
import pytest
from keras import ops

from pipeline.networks.stylegan2 import Generator
from pipeline.training.anchors.codes import Coordinates
from pipeline.training.anchors.flow import Fitted, carried, fit_flow
from pipeline.training.anchors.mapping import fit_mapping, mapped, widened
from tests.pipeline.training.anchors.small import SMALL

COUNT, DIMENSIONS = 2000, 16


def two_heaps() -> np.ndarray:
    """Places float32 (2000, 16): half each side along the first axis, narrower along each next one."""
    random = np.random.default_rng(0)
    places = random.standard_normal((COUNT, DIMENSIONS)) * [0.2, *np.geomspace(1.0, 0.3, DIMENSIONS - 1)]
    places[:, 0] += np.where(random.random(COUNT) < 0.5, -1.5, 1.5)
    return np.asarray(places, np.float32)


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    return fit_flow(two_heaps(), np.arange(COUNT), steps=750, seed=0, jitter=0.0, report=lambda *_: None)


@pytest.fixture(scope="module")
def drawn(fitted: Fitted) -> np.ndarray:
    z = np.random.default_rng(1).standard_normal((3000, DIMENSIONS)).astype(np.float32)
    return carried(fitted.flow, z)


def test_a_flow_keeps_apart_what_lies_apart(drawn: np.ndarray) -> None:
    between = np.mean(np.abs(drawn[:, 0]) < 0.7)
    assert between < 0.1, "normal numbers of the same mean and deviation would have 36 % there"
    assert 0.35 < np.mean(drawn[:, 0] > 0) < 0.65


def test_a_flow_draws_as_widely_as_what_it_learned_from(drawn: np.ndarray) -> None:
    np.testing.assert_allclose(drawn.std(axis=0), two_heaps().std(axis=0), rtol=0.25, atol=0.05)


def test_a_flow_keeps_the_weights_that_were_best_on_what_it_did_not_see() -> None:
    told: list[tuple[int, float]] = []
    few = two_heaps()[:60]  # few enough to be learned by heart
    fitted = fit_flow(
        few,
        np.arange(60),
        steps=750,
        seed=0,
        jitter=0.0,
        report=lambda step, _, held: told.append((step, held)),
    )
    assert (fitted.step, fitted.loss) == min(told, key=lambda pair: pair[1])


def test_coordinates_lead_back_to_the_codes() -> None:
    random = np.random.default_rng(2)
    codes = (random.standard_normal((500, 3)) @ random.standard_normal((3, 16))).astype(np.float32)
    coordinates = Coordinates.of(codes, 3)
    assert coordinates.explained == pytest.approx(1.0, abs=1e-4)
    np.testing.assert_allclose(coordinates.lift(coordinates.project(codes)), codes, atol=1e-4)
    assert np.mean(np.square(coordinates.project(codes))) == pytest.approx(1.0, rel=0.01)


def test_a_mapping_network_learns_the_w_of_each_z() -> None:
    keras.utils.set_random_seed(0)
    mapping = Generator(SMALL.network).mapping
    keras.utils.set_random_seed(1)
    teacher = Generator(SMALL.network).mapping
    z = np.random.default_rng(3).standard_normal((4000, SMALL.network.z_dim)).astype(np.float32)
    w = ops.convert_to_numpy(teacher(z))
    unexplained = fit_mapping(mapping, z, w, steps=1500, seed=0, report=lambda *_: None)
    found = ops.convert_to_numpy(mapping(z[:200]))
    assert unexplained < 0.2
    assert np.mean(np.square(found - w[:200])) / w.var(axis=0).mean() == pytest.approx(unexplained, rel=1e-3)


def test_w_that_a_regression_drew_together_are_spread_again() -> None:
    random = np.random.default_rng(5)
    wanted = random.normal(2.0, 3.0, (5000, 4)).astype(np.float32)
    drawn_together = 0.5 * wanted[:1000] + 1.0
    found = widened(drawn_together, wanted)
    np.testing.assert_allclose(found.mean(axis=0), wanted.mean(axis=0), atol=1e-3)
    np.testing.assert_allclose(found.std(axis=0), wanted.std(axis=0), rtol=1e-3)
    order = np.argsort(drawn_together[:, 0])
    assert (np.diff(found[order, 0]) >= 0).all()


def test_w_may_be_spread_further_than_those_wanted() -> None:
    random = np.random.default_rng(5)
    wanted = random.normal(2.0, 3.0, (5000, 4)).astype(np.float32)
    found = widened(0.5 * wanted[:1000], wanted, spread=1.1)
    np.testing.assert_allclose(found.mean(axis=0), wanted.mean(axis=0), atol=1e-3)
    np.testing.assert_allclose(found.std(axis=0), 1.1 * wanted.std(axis=0), rtol=1e-3)


def test_w_is_mapped_in_parts_as_in_one() -> None:
    keras.utils.set_random_seed(0)
    mapping = Generator(SMALL.network).mapping
    z = np.random.default_rng(3).standard_normal((5000, SMALL.network.z_dim)).astype(np.float32)
    np.testing.assert_allclose(mapped(mapping, z), ops.convert_to_numpy(mapping(z)), atol=1e-5)
