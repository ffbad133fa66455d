"""What the augmentation does to pictures."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from keras import ops

from pipeline.networks.backend import Random, gradient
from pipeline.training.stylegan2.augment import PARTS, adjusted, augment
from pipeline.training.stylegan2.blitting import Moves, drawn_moves, moved
from pipeline.training.stylegan2.colour import drawn_colours, recoloured
from pipeline.training.stylegan2.geometry import CENTRE, SYM6, drawn_maps, warped

MANY = 4000


def pictures(count: int = 8, side: int = 16) -> np.ndarray:
    """Random colours."""
    return np.random.default_rng(0).uniform(-1, 1, (count, side, side, 3)).astype(np.float32)


def random(seed: int = 0) -> Random:
    """A source of random numbers."""
    return Random(ops.convert_to_tensor([seed, 0], "int32"))


def moves(*, transposed: bool = False, mirrored: tuple[bool, bool] = (False, False)) -> Moves:
    """The same moves for eight pictures, without a shift."""
    return Moves(np.full((8, 1), transposed), np.tile(np.array(mirrored), (8, 1)), np.zeros((8, 2), np.int32))


def maps(*rows: tuple[float, float, float]) -> np.ndarray:
    """The same affine map for eight pictures."""
    return np.tile(np.array(rows, np.float32), (8, 1, 1))


def test_at_probability_zero_pictures_are_unchanged_bit_for_bit() -> None:
    np.testing.assert_array_equal(augment(pictures(), ops.zeros(()), random()), pictures())


@pytest.mark.parametrize("part", PARTS)
def test_every_part_changes_pictures_at_probability_one(part: str) -> None:
    after = np.asarray(augment(pictures(), ops.ones(()), random(), (part,)))
    assert np.mean(np.abs(after - pictures()).max(axis=(1, 2, 3)) > 0.01) > 0.7


def test_what_is_drawn_next_does_not_depend_on_what_happened() -> None:
    drawn = []
    for p in (0.0, 1.0):
        source = random()
        augment(pictures(), ops.convert_to_tensor(p, "float32"), source)
        drawn.append(np.asarray(source.normal((5,))))
    np.testing.assert_array_equal(drawn[0], drawn[1])


def test_a_picture_is_augmented_apart_from_the_others_of_its_batch() -> None:
    others = pictures()
    others[1:] = 0.0
    one, other = (np.asarray(augment(x, ops.ones(()), random())) for x in (pictures(), others))
    np.testing.assert_allclose(one[0], other[0], atol=1e-5)


def test_both_derivatives_through_all_parts_are_finite() -> None:
    def score(x: Any) -> Any:
        return ops.sum(ops.square(augment(x, ops.ones(()), random())) ** 2)

    def squared_slope(x: Any) -> Any:
        return ops.sum(ops.square(gradient(score, x)))

    slope = np.asarray(gradient(score, ops.convert_to_tensor(pictures())))
    curvature = np.asarray(gradient(squared_slope, ops.convert_to_tensor(pictures())))
    assert np.isfinite(slope).all()
    assert np.isfinite(curvature).all()
    assert np.abs(curvature).max() > 0


# --- blitting -----------------------------------------------------------------------------------------------


def test_moving_only_rearranges_pixels() -> None:
    before, after = pictures(), np.asarray(moved(pictures(), drawn_moves(random(), 8, 16, 1.0)))
    assert not np.allclose(before, after)
    for one, other in zip(before, after, strict=True):
        colours = {tuple(c) for c in one.reshape(-1, 3)}
        assert {tuple(c) for c in other.reshape(-1, 3)} <= colours


@pytest.mark.parametrize(
    "twice", [moves(mirrored=(True, False)), moves(mirrored=(False, True)), moves(transposed=True)]
)
def test_mirrored_or_transposed_twice_is_as_before(twice: Moves) -> None:
    once = np.asarray(moved(pictures(), twice))
    assert not np.allclose(once, pictures())
    np.testing.assert_array_equal(moved(once, twice), pictures())


def test_mirrorings_and_quarter_turns_have_the_papers_frequencies() -> None:
    drawn = drawn_moves(random(), MANY, 16, 1.0)
    marked = np.zeros((MANY, 16, 16, 1), np.float32)
    marked[:, 0, 0], marked[:, 0, 15] = 1, 2
    still = Moves(drawn.transposed, drawn.mirrored, ops.zeros_like(drawn.shift))
    after = np.asarray(moved(marked, still))[..., 0]
    corners = after[:, [0, 0, 15, 15], [0, 15, 0, 15]].astype(int)
    kinds, counts = np.unique(corners, axis=0, return_counts=True)
    # Each of the square's eight symmetries, equally often: mirrored or not, four turns.
    assert len(kinds) == 8
    np.testing.assert_allclose(counts / MANY, 1 / 8, atol=4 * np.sqrt(1 / 8 * 7 / 8 / MANY))


def test_shifts_are_by_up_to_an_eighth_with_probability_p() -> None:
    shift = np.asarray(drawn_moves(random(), MANY, 64, 0.5).shift)
    assert np.abs(shift).max() == 8
    assert np.mean((shift == 0).all(axis=1)) == pytest.approx(0.5, abs=0.04)
    assert np.abs(shift.mean(axis=0)).max() < 0.3


# --- geometry -----------------------------------------------------------------------------------------------


def test_the_filter_is_orthogonal_to_itself_shifted_by_even_steps() -> None:
    products = [float(np.sum(SYM6[2 * k :] * SYM6[: len(SYM6) - 2 * k])) for k in range(6)]
    np.testing.assert_allclose(products, [1, 0, 0, 0, 0, 0], atol=1e-12)
    assert pytest.approx(5.5, abs=0.5) == CENTRE


def test_a_map_that_moves_nothing_gives_the_picture_back() -> None:
    np.testing.assert_allclose(warped(pictures(), maps((1, 0, 0), (0, 1, 0))), pictures(), atol=1e-6)


def smooth(side: int) -> np.ndarray:
    """A picture without detail that resampling could lose, within ±1."""
    blurred = cv2.GaussianBlur(pictures(1, side)[0], (0, 0), 3)
    return np.asarray(blurred / np.abs(blurred).max(), np.float32)


def test_geometry_is_the_affine_warp_that_it_says() -> None:
    side, centre = 64, 31.5
    drawn = np.asarray(drawn_maps(random(3), 8, side, 1.0))
    after = np.asarray(warped(np.repeat(smooth(side)[None], 8, axis=0), drawn))
    for matrix, picture in zip(drawn.astype(float), after, strict=True):
        about_corner = matrix.copy()
        about_corner[:, 2] += centre - matrix[:, :2] @ (centre, centre)
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        expected = cv2.warpAffine(
            smooth(side), about_corner, (side, side), flags=flags, borderMode=cv2.BORDER_REFLECT_101
        )
        # Between samples both interpolate, differently; reflected edges have a kink that ours smooths.
        assert np.abs(picture - expected).mean() < 0.005
        assert np.abs(picture - expected).max() < 0.03


def test_scales_rotations_and_shifts_have_the_papers_strengths() -> None:
    drawn = np.asarray(drawn_maps(random(), MANY, 128, 1.0)).astype(float)
    linear = drawn[:, :, :2]
    area = -0.5 * np.log2(np.linalg.det(linear))  # isotropic scale: the others keep the area
    assert np.mean(area) == pytest.approx(0.0, abs=0.015)
    assert np.std(area) == pytest.approx(0.2, abs=0.01)
    stretch = np.log2(np.linalg.svd(linear)[1])
    assert np.sqrt(np.mean((stretch[:, 0] - stretch[:, 1]) ** 2) / 4) == pytest.approx(0.2, abs=0.01)
    shift = -np.linalg.solve(linear, drawn[:, :, 2:])[..., 0]
    np.testing.assert_allclose(shift.mean(axis=0), 0, atol=1.0)
    np.testing.assert_allclose(shift.std(axis=0), 16, atol=0.7)
    assert np.mean(linear[:, 0, 0] < 0) == pytest.approx(0.5, abs=0.04)  # turned by any angle


def test_the_two_rotations_together_happen_with_probability_p() -> None:
    linear = np.asarray(drawn_maps(random(), MANY, 128, 0.5))[:, :, :2]
    assert np.mean(np.abs(linear[:, 0, 1]) > 1e-6) == pytest.approx(0.5, abs=0.04)


# --- colour -------------------------------------------------------------------------------------------------


def test_recolouring_leaves_the_place_of_everything() -> None:
    before = np.zeros((8, 16, 16, 3), np.float32)
    before[:, :8] = 0.5
    after = np.asarray(recoloured(before, *drawn_colours(random(), 8, 1.0)))
    assert np.ptp(after[:, :8].reshape(8, -1, 3), axis=1).max() < 1e-5
    assert np.ptp(after[:, 8:].reshape(8, -1, 3), axis=1).max() < 1e-5


def test_brightness_and_contrast_have_the_papers_strengths() -> None:
    matrix, offset = (np.asarray(x).astype(float) for x in drawn_colours(random(), MANY, 1.0))
    grey = matrix.sum(axis=1).mean(axis=1)  # what grey is multiplied by: contrast, mirrored in half of all
    assert np.mean(grey < 0) == pytest.approx(0.5, abs=0.04)
    assert np.std(np.log2(np.abs(grey))) == pytest.approx(0.5, abs=0.03)
    brightness = offset[:, 0, 0] / grey
    assert np.std(brightness) == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize(
    "transform",
    [
        lambda x: moved(x, drawn_moves(random(), MANY, 8, 1.0)),
        lambda x: recoloured(x, *drawn_colours(random(), MANY, 1.0)),
    ],
)
def test_the_mean_over_many_is_that_of_no_particular_direction(transform: Callable[[Any], Any]) -> None:
    ramp = np.broadcast_to(np.linspace(-1, 1, 8, dtype=np.float32)[None, None, :, None], (MANY, 8, 8, 3))
    assert np.abs(np.asarray(transform(ramp)).mean(axis=0)).max() < 0.06


# --- the probability ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sign", "expected"), [(0.9, 0.51), (0.3, 0.49), (0.6, 0.5)])
def test_the_probability_follows_the_sign_of_overfitting(sign: float, expected: float) -> None:
    p = adjusted(0.5, sign, target=0.6, images=1000, kimg=100)
    assert p == pytest.approx(expected)


def test_the_probability_stays_where_it_does_not_leak() -> None:
    assert adjusted(0.8, 1.0, target=0.6, images=10_000, kimg=1) == 0.8
    assert adjusted(0.0, -1.0, target=0.6, images=10_000, kimg=1) == 0.0
