"""What OpenVINO computes is what Keras computes, but for rounding."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.networks.attributes.answers import Predictor
from pipeline.networks.stylegan2 import noise_from_seed
from pipeline.serving.networks import Networks
from tests.pipeline.serving.conftest import Both

COMPARED = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SEEDS = st.integers(0, 2**31 - 1)
SPREADS = st.floats(0.0, 2.0)
COUNTS = st.integers(1, 9)
WHICH = ("shipped", "tiny")
#: Rounded to a level, two sums of which the last bits differ are rarely parted by a half.
MOST_PARTED = 1e-3
#: Of features that say anything: those of faces are some 10 long.
LEAST_LENGTH = 1.0


@pytest.fixture(params=WHICH)
def both(request: pytest.FixtureRequest) -> Both:
    found: Both = request.getfixturevalue(request.param)
    return found


def pictures(both: Both, seed: int, count: int, smooth: int) -> np.ndarray:
    """Patches of noise, uint8 (count, r, r, 3), of 2 to the power of ``smooth`` pixels a side."""
    side = both.bundle.resolution
    patch = min(2**smooth, side)
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (count, side // patch, side // patch, 3), np.uint8)
    return coarse.repeat(patch, axis=1).repeat(patch, axis=2)


def predictor(networks: Networks) -> Predictor:
    assert networks.attributes is not None
    return networks.attributes


def codes(both: Both, seed: int, count: int, spread: float) -> np.ndarray:
    """w+ around the mean of w, each row by itself, float32 (count, num_ws, w_dim)."""
    config = both.bundle.generator_config
    random = np.random.default_rng(seed)
    w = both.keras.map(random.standard_normal((2, config.z_dim)).astype(np.float32))
    shape = (count, config.num_ws, config.w_dim)
    around = w.mean(axis=0) + spread * w.std() * random.standard_normal(shape)
    return np.asarray(around, np.float32)


@COMPARED
@given(seed=SEEDS, count=COUNTS, spread=SPREADS, noise_seed=SEEDS)
def test_faces_differ_by_one_level_at_most_and_hardly_anywhere(
    both: Both, seed: int, count: int, spread: float, noise_seed: int
) -> None:
    w_plus = codes(both, seed, count, spread)
    noise = noise_from_seed(both.bundle.generator_config.noise_sides, noise_seed)

    by_keras, by_openvino = (one.synthesise(w_plus, noise) for one in (both.keras, both.openvino))

    apart = np.abs(by_keras.astype(np.int16) - by_openvino)
    assert apart.max() <= 1
    assert np.mean(apart > 0) < MOST_PARTED


@COMPARED
@given(seed=SEEDS, count=COUNTS)
def test_z_becomes_the_same_w(both: Both, seed: int, count: int) -> None:
    z = np.random.default_rng(seed).standard_normal((count, both.bundle.generator_config.z_dim))

    by_keras, by_openvino = (one.map(z.astype(np.float32)) for one in (both.keras, both.openvino))

    np.testing.assert_allclose(by_openvino, by_keras, atol=1e-4 * by_keras.std())


@COMPARED
@given(seed=SEEDS, count=COUNTS, smooth=st.integers(0, 7))
def test_pictures_become_the_same_codes(both: Both, seed: int, count: int, smooth: int) -> None:
    crops = pictures(both, seed, count, smooth)

    by_keras, by_openvino = (one.encode(crops) for one in (both.keras, both.openvino))

    np.testing.assert_allclose(by_openvino, by_keras, atol=1e-4 * by_keras.std())


@COMPARED
@given(seed=SEEDS, count=COUNTS, smooth=st.integers(0, 7))
def test_somebody_is_the_same_person(both: Both, seed: int, count: int, smooth: int) -> None:
    crops = pictures(both, seed, count, smooth)

    by_keras, by_openvino = (one.look(crops) for one in (both.keras, both.openvino))

    np.testing.assert_allclose(by_openvino.features, by_keras.features, atol=1e-4)
    # Of a picture of one colour there are hardly any features, and so no direction to compare.
    somebody = np.linalg.norm(by_keras.features, axis=1) > LEAST_LENGTH
    ours, theirs = (one.directions()[somebody] for one in (by_openvino, by_keras))
    np.testing.assert_allclose(ours, theirs, atol=1e-4)
    np.testing.assert_allclose(by_openvino.male, by_keras.male, atol=1e-4)
    assert both.openvino.embedder_digest == both.keras.embedder_digest


@COMPARED
@given(seed=SEEDS, count=COUNTS, smooth=st.integers(0, 7))
def test_the_same_attributes_are_predicted(both: Both, seed: int, count: int, smooth: int) -> None:
    crops = pictures(both, seed, count, smooth)
    keras, openvino = predictor(both.keras), predictor(both.openvino)

    by_keras, by_openvino = keras.predict(crops, batch=4), openvino.predict(crops, batch=4)

    assert by_openvino.columns().keys() == by_keras.columns().keys()
    for name, column in by_keras.columns().items():
        np.testing.assert_allclose(by_openvino.columns()[name], column, atol=1e-4, err_msg=name)
    np.testing.assert_allclose(by_openvino.features, by_keras.features, atol=1e-3)
    assert openvino.features == keras.features


@pytest.mark.parametrize("side", [8, 24, 40])
def test_pictures_of_another_side_are_resampled_alike(tiny: Both, side: int) -> None:
    crops = np.random.default_rng(side).integers(0, 256, (3, side, side, 3), np.uint8)

    by_keras = predictor(tiny.keras).predict(crops, batch=4)
    by_openvino = predictor(tiny.openvino).predict(crops, batch=4)

    np.testing.assert_allclose(by_openvino.features, by_keras.features, atol=1e-4)


@COMPARED
@given(seed=SEEDS, count=COUNTS, smooth=st.integers(0, 7))
def test_pictures_look_as_real(both: Both, seed: int, count: int, smooth: int) -> None:
    crops = pictures(both, seed, count, smooth)
    others = both.bundle.discriminator_config.minibatch_std_group - 1
    company = pictures(both, seed + 1, others, 2)

    by_keras, by_openvino = (one.logits(crops, company) for one in (both.keras, both.openvino))

    np.testing.assert_allclose(by_openvino, by_keras, rtol=1e-4, atol=1e-3)
