"""The encoder learns where faces are in w+."""

import json
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from keras import ops
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from pipeline.__main__ import main
from pipeline.command_line import BadInput
from pipeline.dataset.images import save_grid
from pipeline.networks.bundle import Bundle
from pipeline.networks.encoder import EncoderConfig
from pipeline.training.bundling.bundle import make_bundle, read_description
from pipeline.training.checkpoints import checkpoint_files, load_notes
from pipeline.training.encoder.config import PRESETS, EncoderTraining
from pipeline.training.encoder.run import GRID_FACES, EncoderRun, trained_encoder
from pipeline.training.stylegan2.run import StyleGAN2Run
from tests.pipeline.training.short_run import SIDE, TINY, discs, patches, unit_colours

ENCODER = EncoderTraining(
    network=EncoderConfig(
        resolution=SIDE,
        num_ws=4,
        w_dim=8,
        backbone_widths=(8, 12, 16),
        pyramid_channels=8,
        coarse=1,
        medium=1,
    ),
    batch=8,
    latent_steps=20,
    steps=40,
)


def test_the_thesis_encoder_learns_from_pixels_and_half_as_much_from_features_as_in_3_4_3() -> None:
    config = PRESETS["thesis-128"]
    assert (config.pixel_weight, config.feature_weight, config.learning_rate) == (1.0, 0.5, 1e-3)
    assert (config.latent_weight, config.perceptual_weight, config.identity_weight) == (0.0, 0.0, 0.0)
    assert config.latent_steps == 0


def test_the_thesis_encoder_sees_each_of_90_000_photographs_five_times(
    generator_checkpoint: Path, tmp_path: Path
) -> None:
    config = PRESETS["thesis-128"]
    tiny = replace(config, network=ENCODER.network)
    run = EncoderRun(tiny, generator_checkpoint, np.repeat(discs(), 3, axis=0), tmp_path)
    assert config.steps * run.batches.batch / 90_000 == 5.0


@pytest.fixture(scope="module")
def generator_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generator that has seen a few pictures."""
    folder = tmp_path_factory.mktemp("generator")
    StyleGAN2Run(TINY, discs(), folder).train(images=80)
    return checkpoint_files(folder)[-1]


def test_reconstruction_improves_with_training(generator_checkpoint: Path, tmp_path: Path) -> None:
    faces = np.repeat(discs(), 3, axis=0)
    run = EncoderRun(replace(ENCODER, steps=150), generator_checkpoint, faces, tmp_path)

    def error() -> float:
        return float(np.mean(np.square(run.reconstruct(run.held_out) - run.held_out)))

    before = error()
    run.train()
    assert error() < before


def test_a_resumed_encoder_is_bit_identical_to_an_undisturbed_one(
    generator_checkpoint: Path, tmp_path: Path
) -> None:
    faces = np.repeat(discs(), 3, axis=0)
    whole = EncoderRun(ENCODER, generator_checkpoint, faces, tmp_path / "whole")
    whole.train()
    broken = EncoderRun(ENCODER, generator_checkpoint, faces, tmp_path / "broken")
    while broken.step < 25:
        broken._iterate()
    broken.checkpoint()
    resumed = EncoderRun(ENCODER, generator_checkpoint, faces, tmp_path / "broken")
    assert resumed.step == 25
    resumed.train()
    for one, other in zip(whole.state["values"], resumed.state["values"], strict=True):
        np.testing.assert_array_equal(one, other)


def test_an_encoder_learns_the_w_of_anchors(generator_checkpoint: Path, tmp_path: Path) -> None:
    faces = np.repeat(discs(), 3, axis=0)
    w = np.random.default_rng(3).standard_normal((2, 48, 8)).astype(np.float32)
    w[:, :] = np.repeat(w[:1, ::3], 3, axis=1)  # the same w for the same picture, mirrored or not
    config = replace(ENCODER, latent_steps=150, steps=150, learning_rate=5e-3)
    run = EncoderRun(config, generator_checkpoint, faces, tmp_path, anchors=w)

    def missed() -> float:
        for variable, value in zip(run.encoder.trainable_variables, run.state["values"], strict=True):
            variable.assign(value)
        found = run.encoder(faces[:16].astype(np.float32) / 127.5 - 1.0, training=True)["w_plus"]
        return float(np.mean(np.square(ops.convert_to_numpy(found)[:, 0] - w[0, :16])))

    before = missed()
    run.train()
    assert missed() < 0.7 * before


def test_what_other_networks_see_joins_the_losses(generator_checkpoint: Path, tmp_path: Path) -> None:
    config = replace(ENCODER, latent_steps=0, steps=2, perceptual_weight=0.2, identity_weight=0.2)
    faces = np.repeat(discs(), 3, axis=0)
    run = EncoderRun(config, generator_checkpoint, faces, tmp_path, look=patches, embed=unit_colours)
    figures = run._iterate()
    assert {"pixel", "feature", "latent", "perceptual", "identity"} <= figures.keys()
    assert 0.0 <= figures["identity"] < 1.0


@pytest.mark.parametrize(
    "config", [replace(ENCODER, perceptual_weight=0.1), replace(ENCODER, identity_weight=0.1)]
)
def test_a_loss_that_nothing_can_measure_is_refused(
    generator_checkpoint: Path, tmp_path: Path, config: EncoderTraining
) -> None:
    with pytest.raises(ValueError, match="needs a"):
        EncoderRun(config, generator_checkpoint, np.repeat(discs(), 3, axis=0), tmp_path)


def test_anchors_of_other_pictures_are_refused(generator_checkpoint: Path, tmp_path: Path) -> None:
    faces, w = np.repeat(discs(), 3, axis=0), np.zeros((2, 30, 8), np.float32)
    with pytest.raises(ValueError, match="of 30 pictures, not of these 48"):
        EncoderRun(ENCODER, generator_checkpoint, faces, tmp_path, anchors=w)


def test_checkpoints_become_a_bundle_with_the_same_networks(
    generator_checkpoint: Path, tmp_path: Path
) -> None:
    run = EncoderRun(ENCODER, generator_checkpoint, np.repeat(discs(), 3, axis=0), tmp_path / "encoder")
    run.train()
    path = checkpoint_files(tmp_path / "encoder")[-1]
    description: dict[str, Any] = {
        "name": "tiny",
        "licence": "CC0-1.0",
        "data": "discs",
        "commands": [],
        "framing": None,
        "neighbours": {"whiten": True, "first_radius": 1.0, "radius_step": 1.0},
    }
    bundle = make_bundle(
        generator_checkpoint, path, description, tmp_path / "bundle", samples=100, components=4
    )
    assert Bundle.open(tmp_path / "bundle").digest == bundle.digest
    assert bundle.manifest["training"]["generator"]["images"] == 80
    faces = np.random.default_rng(0).normal(size=(2, SIDE, SIDE, 3)).astype(np.float32)
    encoder, _ = trained_encoder(path)
    np.testing.assert_allclose(bundle.encoder()(faces)["w_plus"], encoder(faces)["w_plus"], atol=0.05)


def test_a_description_must_say_what_no_checkpoint_knows(tmp_path: Path) -> None:
    path = tmp_path / "description.json"
    path.write_text('{"name": "x"}')
    with pytest.raises(BadInput, match="lacks licence, data, commands, framing, neighbours"):
        read_description(path)


def command(folder: Path, generator: Path, *options: str) -> list[str]:
    """``train encoder`` on discs, with the preset ``tiny``, to ``folder / "out"``."""
    for number, picture in enumerate(np.repeat(discs(), 3, axis=0)):
        save_grid(folder / "discs" / f"{number:02d}.png", picture[None], columns=1)
    where = ["--generator", str(generator), "--out", str(folder / "out")]
    return ["train", "encoder", str(folder / "discs"), *where, "--preset", "tiny", *options]


@pytest.fixture(scope="module")
def ended(generator_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command left behind after four steps, the last two of them with all losses."""
    folder = tmp_path_factory.mktemp("command")
    options = ["--steps", "4", "--latent-steps", "2", "--seed", "3"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRESETS, "tiny", ENCODER)
        assert main(command(folder, generator_checkpoint, *options)) == 0
    return folder / "out"


def rows(folder: Path) -> list[dict[str, float]]:
    """The rows of a run's statistics."""
    return [json.loads(line) for line in (folder / "stats.jsonl").read_text().splitlines()]


def test_the_command_leaves_a_checkpoint_of_what_it_was_asked_for(ended: Path) -> None:
    (checkpoint,) = checkpoint_files(ended)
    config = replace(ENCODER, steps=4, latent_steps=2, seed=3)
    asked_for = {"kind": "encoder", "config": config.to_dict(), "step": 4}
    assert load_notes(checkpoint).items() >= asked_for.items()


def test_the_command_leaves_the_losses_and_a_grid_of_reconstructions(ended: Path) -> None:
    (row,) = rows(ended)
    losses = {"latent", "pixel", "feature", "held_out_pixel"}
    assert row.keys() == {"step", "seconds", "images_per_second"} | losses
    assert row["step"] == 4
    (grid,) = (ended / "grids").iterdir()
    picture = cv2.imread(str(grid))
    assert picture is not None
    assert picture.shape == (2 * SIDE, GRID_FACES * SIDE, 3)


def test_tensorboard_shows_the_losses_and_the_reconstructions(ended: Path) -> None:
    events = EventAccumulator(str(ended / "tensorboard"))
    events.Reload()
    (row,) = rows(ended)
    shown = {name: [(e.step, e.value) for e in events.Scalars(name)] for name in events.Tags()["scalars"]}
    assert shown == {name: [(4, pytest.approx(value))] for name, value in row.items() if name != "step"}
    (grid,) = events.Images("reconstructions")
    assert (grid.step, grid.width, grid.height) == (4, GRID_FACES * SIDE, 2 * SIDE)


def test_the_same_command_goes_on_where_a_signal_ended_it(
    generator_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    iterate = EncoderRun._iterate

    def told_to_stop_after_three(run: EncoderRun) -> dict[str, float]:
        taken.append(run.step)
        if len(taken) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return iterate(run)

    monkeypatch.setattr(EncoderRun, "_iterate", told_to_stop_after_three)
    monkeypatch.setitem(PRESETS, "tiny", ENCODER)
    reached = []
    for _ in range(2):
        assert main(command(tmp_path, generator_checkpoint, "--steps", "5")) == 0
        reached.append(load_notes(checkpoint_files(tmp_path / "out")[-1])["step"])

    assert reached == [3, 5]
    assert taken == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--preset", "huge"], "no preset 'huge'"),
        (["--start-from", "nowhere"], "there is no file nowhere"),
        (["--anchors", "nowhere"], "there is no file nowhere"),
    ],
)
def test_what_the_command_cannot_do_is_said_in_one_line(
    generator_checkpoint: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    message: str,
) -> None:
    monkeypatch.setitem(PRESETS, "tiny", ENCODER)
    assert main(command(tmp_path, generator_checkpoint, *options)) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1
