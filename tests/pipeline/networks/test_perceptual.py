"""How different two pictures look."""

import numpy as np
from keras import ops

from pipeline.networks.perceptual import distance_of_maps, lite0_look

SIDE = 64


def test_maps_of_a_picture_are_no_distance_from_themselves() -> None:
    maps = [np.random.default_rng(0).normal(size=(3, 8, 8, 4)).astype(np.float32)]
    np.testing.assert_allclose(ops.convert_to_numpy(distance_of_maps(maps, maps)), 0.0, atol=1e-6)


def test_the_distance_counts_directions_not_lengths() -> None:
    one = np.zeros((1, 2, 2, 2), np.float32)
    one[..., 0] = 1.0
    other = np.zeros((1, 2, 2, 2), np.float32)
    other[..., 1] = 7.0
    assert abs(float(ops.convert_to_numpy(distance_of_maps([one], [3.0 * one]))[0])) < 1e-6
    # Right angles: |a - b|^2 = 2 at each place, the mean over places, the sum over two maps.
    assert abs(float(ops.convert_to_numpy(distance_of_maps([one, one], [other, other]))[0]) - 4.0) < 1e-5


def test_lite0_looks_at_four_scales_and_finds_a_shifted_picture_nearer_than_another() -> None:
    look, random = lite0_look(SIDE), np.random.default_rng(1)
    coarse = random.uniform(-1, 1, (2, 8, 8, 3)).astype(np.float32)
    picture, other = np.kron(coarse, np.ones((1, SIDE // 8, SIDE // 8, 1), np.float32))
    shifted = np.roll(picture, 1, axis=1)
    seen = [ops.convert_to_tensor(x[None]) for x in (picture, shifted, other)]
    maps = [look(x) for x in seen]
    assert [m.shape[1] for m in maps[0]] == [16, 8, 4, 2]
    near, far = (float(ops.convert_to_numpy(distance_of_maps(maps[0], m))[0]) for m in maps[1:])
    assert near < 0.7 * far
