"""Anchors in the adversarial game: training pictures with a w of their own."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.dataset.images import to_uint8
from pipeline.training.stylegan2.anchors import open_anchors, write_anchors
from pipeline.training.stylegan2.config import PRESETS
from pipeline.training.stylegan2.run import StyleGAN2Run
from tests.pipeline.training.short_run import ANCHORED, TINY, discs, patches, unit_colours

SIDE = 32
W_DIM = 6


def stripes(count: int = 40) -> np.ndarray:
    """Pictures uint8 (count, 32, 32, 3) of a bright stripe in the left half, each a little further right."""
    pictures = np.zeros((count, SIDE, SIDE, 3), np.uint8)
    for number, picture in enumerate(pictures):
        picture[:, number // 4 : number // 4 + 3] = 100 + number
    return pictures


def some_w(count: int, w_dim: int = W_DIM) -> np.ndarray:
    return np.random.default_rng(1).standard_normal((2, count, w_dim)).astype(np.float32)


def test_a_mirrored_picture_comes_with_the_w_of_its_mirror_image(tmp_path: Path) -> None:
    images, w = stripes(), some_w(40)
    write_anchors(tmp_path, w)
    anchors = open_anchors(tmp_path, images, replace(TINY, batch=16), patches)
    mirrored = 0
    for number in range(4):
        for picture, own in zip(*anchors[number], strict=True):
            shown = to_uint8(picture)
            flipped = not shown[:, : SIDE // 2].any()  # the stripe is on the right
            original = shown[:, ::-1] if flipped else shown
            (which,) = np.flatnonzero((images == original).all(axis=(1, 2, 3)))
            np.testing.assert_array_equal(own, w[int(flipped), which])
            mirrored += flipped
    assert 0 < mirrored < 64


def test_anchors_of_other_pictures_are_refused(tmp_path: Path) -> None:
    write_anchors(tmp_path, some_w(40))
    with pytest.raises(ValueError, match="of 40 pictures, not of these 30"):
        open_anchors(tmp_path, stripes(30), TINY, patches)


def test_a_run_without_anchors_is_told_where_they_come_from(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="start the run from a training from anchors"):
        StyleGAN2Run(ANCHORED, discs(), tmp_path, look=patches)


def colours() -> np.ndarray:
    """Sixteen pictures uint8 (16, 8, 8, 3), each of two colours."""
    random = np.random.default_rng(4)
    halves = random.integers(0, 256, (16, 1, 2, 3), dtype=np.uint8)
    return np.repeat(np.repeat(halves, 8, axis=1), 4, axis=2)


def anchored(folder: Path) -> Path:
    write_anchors(folder, some_w(16, TINY.network.w_dim))
    return folder


def missed(run: StyleGAN2Run) -> float:
    """How far the generator is from its anchors."""
    assert run.anchors is not None
    pictures, w = run.anchors[0]
    made = run.generator.synthesis(run.generator.broadcast(w))
    return float(run.anchors.loss(made, pictures))


def test_the_game_with_anchors_comes_nearer_to_them(tmp_path: Path) -> None:
    config = replace(
        ANCHORED, discriminator_kimg=0.0, anchor_weight=20.0, batch=8, learning_rate=0.01, mirror=False
    )
    run = StyleGAN2Run(config, colours(), anchored(tmp_path), look=patches)
    before = missed(run)
    run.train(images=2000)
    for variable, value in zip(run.generator.trainable_variables, run.state["g"], strict=True):
        variable.assign(value)
    assert missed(run) < 0.6 * before


def test_with_anchors_too_a_run_goes_on_as_if_undisturbed_bit_for_bit(tmp_path: Path) -> None:
    for images in (40, 64):
        resumed = StyleGAN2Run(ANCHORED, discs(), anchored(tmp_path / "broken"), look=patches)
        resumed.train(images=images)
    whole = StyleGAN2Run(ANCHORED, discs(), anchored(tmp_path / "whole"), look=patches)
    whole.train(images=64)
    for one, other in zip(whole.state["g"], resumed.state["g"], strict=True):
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))


def test_the_generator_rests_while_the_discriminator_learns_alone(tmp_path: Path) -> None:
    run = StyleGAN2Run(ANCHORED, discs(), anchored(tmp_path), look=patches)
    before = {name: [np.asarray(v) for v in run.state[name]] for name in ("g", "d")}
    run.train(images=48)
    assert all((np.asarray(now) == then).all() for now, then in zip(run.state["g"], before["g"], strict=True))
    assert any((np.asarray(now) != then).any() for now, then in zip(run.state["d"], before["d"], strict=True))


def test_the_mapping_network_may_stay_as_it_is_while_all_else_learns(tmp_path: Path) -> None:
    run = StyleGAN2Run(replace(TINY, mapping_learns=False), discs(), tmp_path)
    before = [np.asarray(v) for v in run.state["g"]]
    run.train(images=40)
    names = [v.path for v in run.generator.trainable_variables]
    after = [np.asarray(v) for v in run.state["g"]]
    same = {n for n, then, now in zip(names, before, after, strict=True) if np.array_equal(then, now)}
    assert same == {name for name in names if "mapping/" in name}


def test_a_schedule_with_anchors_needs_something_to_compare_them_through(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="anchor_weight needs a network"):
        StyleGAN2Run(replace(TINY, anchor_weight=1.0), discs(), tmp_path)


def test_the_anchored_preset_differs_from_the_other_by_its_anchors_alone() -> None:
    preset = PRESETS["demo-anchored"]
    assert preset.network.widths == PRESETS["demo"].network.widths
    assert preset.anchor_weight > 0
    assert PRESETS["demo"].anchor_weight == 0


def test_an_anchor_is_to_stay_the_person_it_is(tmp_path: Path) -> None:
    folder = anchored(tmp_path)
    without, with_identity = (
        open_anchors(folder, colours(), replace(TINY, batch=8, identity_weight=weight), patches, unit_colours)
        for weight in (0.0, 3.0)
    )
    wanted, _ = without[0]
    other_colour = wanted[..., ::-1]  # and so, by this embedder, another person

    assert float(with_identity.loss(wanted, wanted)) == pytest.approx(
        float(without.loss(wanted, wanted)), abs=1e-5
    )
    some = slice(0, 4)  # half of them are shown to the embedder
    now, before = (np.asarray(unit_colours(pictures[some])) for pictures in (other_colour, wanted))
    other = 1.0 - np.mean(np.sum(now * before, axis=-1))
    assert other > 0.01
    gained = float(with_identity.loss(other_colour, wanted)) - float(without.loss(other_colour, wanted))
    assert gained == pytest.approx(3.0 * other, rel=1e-4)


def test_a_schedule_that_keeps_persons_needs_an_embedder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="identity_weight needs a face embedder"):
        StyleGAN2Run(replace(ANCHORED, identity_weight=1.0), discs(), anchored(tmp_path), look=patches)
