"""Anchors: training pictures with latents of their own."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.training.images import to_uint8
from pipeline.training.stylegan2.anchors import open_anchors, principal_codes
from pipeline.training.stylegan2.config import PRESETS
from pipeline.training.stylegan2.loop import Run
from tests.pipeline.training.short_run import ANCHORED, TINY, discs, patches

SIDE = 32


def stripes(count: int = 40) -> np.ndarray:
    """Pictures uint8 (count, 32, 32, 3) of a bright stripe in the left half, each a little further right."""
    pictures = np.zeros((count, SIDE, SIDE, 3), np.uint8)
    for number, picture in enumerate(pictures):
        picture[:, number // 4 : number // 4 + 3] = 100 + number
    return pictures


def test_codes_lie_in_z_like_the_normal_distribution() -> None:
    codes = principal_codes(stripes(), patches, components=6, seed=0)
    assert codes.shape == (2, 40, 6)
    both = codes.reshape(80, 6)
    np.testing.assert_allclose(both.mean(axis=0), 0.0, atol=1e-4)
    np.testing.assert_allclose(np.cov(both.T), np.eye(6), atol=2e-2)


def test_alike_pictures_have_codes_near_each_other() -> None:
    codes = principal_codes(stripes(), patches, components=6, seed=0)[0]
    distances = np.linalg.norm(codes[:, None] - codes[None], axis=-1)
    neighbours = np.mean([distances[i, i + 1] for i in range(39)])
    assert neighbours < 0.5 * distances.mean()


def test_a_mirrored_picture_comes_with_the_code_of_its_mirror_image(tmp_path: Path) -> None:
    images = stripes()
    anchors = open_anchors(tmp_path, images, patches, components=6, batch=16, mirror=True, seed=0)
    codes = principal_codes(images, patches, components=6, seed=0)
    mirrored = 0
    for number in range(4):
        for picture, code in zip(*anchors[number], strict=True):
            shown = to_uint8(picture)
            flipped = not shown[:, : SIDE // 2].any()  # the stripe is on the right
            original = shown[:, ::-1] if flipped else shown
            (which,) = np.flatnonzero((images == original).all(axis=(1, 2, 3)))
            np.testing.assert_array_equal(code, codes[int(flipped), which])
            mirrored += flipped
    assert 0 < mirrored < 64


def test_codes_are_worked_out_once_for_a_run(tmp_path: Path) -> None:
    first = open_anchors(tmp_path, stripes(), patches, components=6, batch=4, mirror=False, seed=0)

    def blind(_: object) -> list[object]:
        raise AssertionError("the codes are there")

    again = open_anchors(tmp_path, stripes(), blind, components=6, batch=4, mirror=False, seed=0)
    np.testing.assert_array_equal(first.codes, again.codes)


def test_codes_of_other_pictures_are_refused(tmp_path: Path) -> None:
    open_anchors(tmp_path, stripes(), patches, components=6, batch=4, mirror=False, seed=0)
    with pytest.raises(ValueError, match="of other pictures"):
        open_anchors(tmp_path, stripes(30), patches, components=6, batch=4, mirror=False, seed=0)


def test_too_few_pictures_for_the_codes_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        principal_codes(stripes(2), patches, components=6, seed=0)


def colours() -> np.ndarray:
    """Sixteen pictures uint8 (16, 8, 8, 3), each of two colours."""
    random = np.random.default_rng(4)
    halves = random.integers(0, 256, (16, 1, 2, 3), dtype=np.uint8)
    return np.repeat(np.repeat(halves, 8, axis=1), 4, axis=2)


def test_a_generator_with_anchors_learns_to_make_each_of_them(tmp_path: Path) -> None:
    run = Run(
        replace(ANCHORED, anchor_kimg=10.0, batch=8, learning_rate=0.01), colours(), tmp_path, look=patches
    )
    assert run.anchors is not None
    run.train(images=4000)
    made = run.sample(run.anchors.codes[0]).astype(float)
    missed = np.abs(made - colours()).mean()
    spread = np.abs(colours() - colours().mean(axis=0)).mean()
    assert missed < 0.5 * spread, f"{missed:.1f} grey levels from them, the same picture for all {spread:.1f}"


def test_with_anchors_too_a_run_goes_on_as_if_undisturbed_bit_for_bit(tmp_path: Path) -> None:
    for images in (40, 64):
        resumed = Run(ANCHORED, discs(), tmp_path / "broken", look=patches)
        resumed.train(images=images)
    whole = Run(ANCHORED, discs(), tmp_path / "whole", look=patches)
    whole.train(images=64)
    for one, other in zip(whole.state["g"], resumed.state["g"], strict=True):
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))


def test_the_discriminator_rests_while_the_generator_learns_from_anchors_alone(tmp_path: Path) -> None:
    run = Run(ANCHORED, discs(), tmp_path, look=patches)
    before = [np.asarray(v) for v in run.state["d"]]
    run.train(images=48)
    assert all((np.asarray(now) == then).all() for now, then in zip(run.state["d"], before, strict=True))


def test_a_schedule_with_anchors_needs_something_to_compare_them_through(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="say which"):
        Run(replace(TINY, anchor_weight=1.0), discs(), tmp_path)


def test_an_anchored_preset_has_codes_of_a_size_that_principal_components_can_fill() -> None:
    preset = PRESETS["demo-anchored"]
    assert preset.network.z_dim == 128
    assert preset.network.widths == PRESETS["demo"].network.widths
