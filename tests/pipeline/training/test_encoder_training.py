"""The encoder learns where faces are in w+."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.networks.bundle import Bundle
from pipeline.networks.encoder import EncoderConfig
from pipeline.training.bundling import make_bundle, read_description
from pipeline.training.checkpoints import checkpoint_files
from pipeline.training.encoder.config import EncoderTraining
from pipeline.training.encoder.loop import EncoderRun, trained_encoder
from pipeline.training.stylegan2.loop import Run
from tests.pipeline.training.short_run import SIDE, TINY, discs

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


@pytest.fixture(scope="module")
def generator_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generator that has seen a few pictures."""
    folder = tmp_path_factory.mktemp("generator")
    Run(TINY, discs(), folder).train(images=80)
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
    with pytest.raises(ValueError, match="lacks licence, data, commands, framing, neighbours"):
        read_description(path)
