"""Training goes on exactly where it stopped, and stops where it must."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.networks.stylegan2 import StyleGAN2Config
from pipeline.training.checkpoints import checkpoint_files
from pipeline.training.images import to_uint8
from pipeline.training.stylegan2.config import TrainingConfig
from pipeline.training.stylegan2.loop import Diverged, Run, averaged_networks

SIDE = 8
TINY = TrainingConfig(
    network=StyleGAN2Config(
        resolution=SIDE,
        channel_base=64,
        channel_max=8,
        z_dim=8,
        w_dim=8,
        mapping_layers=2,
        minibatch_std_group=2,
    ),
    batch=4,
    learning_rate=0.004,
    r1_interval=4,
    path_interval=4,
    ema_kimg=0.1,
    ada_interval=2,
    ada_kimg=5.0,
)


def discs() -> np.ndarray:
    """Sixteen pictures of a bright disc on a dark ground."""
    y, x = np.mgrid[:SIDE, :SIDE]
    random, pictures = np.random.default_rng(0), []
    for _ in range(16):
        level, radius = random.integers(128, 255), random.uniform(2, 3)
        disc = np.hypot(y - SIDE / 2 + 0.5, x - SIDE / 2 + 0.5) < radius
        pictures.append(np.repeat((disc * level)[..., None], 3, axis=2))
    return np.stack(pictures).astype(np.uint8)


@dataclass(frozen=True)
class Trained:
    """A run that has ended, and what was measured before it began."""

    run: Run
    first_weights: list[np.ndarray]
    first_distance: float

    def distance(self) -> float:
        """Mean difference in grey levels between the mean sample and the mean picture."""
        return distance(self.run)


def distance(run: Run) -> float:
    """Mean difference in grey levels between the mean sample and the mean picture."""
    z = np.random.default_rng(1).normal(size=(64, 8)).astype(np.float32)
    return float(np.abs(run.sample(z).mean(axis=0) - discs().mean(axis=0)).mean())


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A run over a few thousand pictures."""
    run = Run(TINY, discs(), tmp_path_factory.mktemp("trained"))
    before = [np.asarray(v) for v in (*run.state["g"], *run.state["d"])]
    first = distance(run)
    run.train(images=3000)
    return Trained(run, before, first)


def weights(run: Run) -> list[np.ndarray]:
    """Everything that training changes, as arrays."""
    state = run.state
    values = [
        *state["g"],
        *state["d"],
        *state["ema"],
        *state["adam_g"]["v"],
        state["w_avg"],
        state["path_mean"],
    ]
    return [np.asarray(v) for v in values]


def test_every_part_of_both_networks_learns(trained: Trained) -> None:
    run = trained.run
    after = [np.asarray(v) for v in (*run.state["g"], *run.state["d"])]
    names = [v.path for v in (*run.generator.trainable_variables, *run.discriminator.trainable_variables)]
    pairs = zip(names, trained.first_weights, after, strict=True)
    assert [name for name, before, now in pairs if np.array_equal(before, now)] == []


def test_samples_come_nearer_to_the_training_pictures(trained: Trained) -> None:
    assert trained.distance() < 0.5 * trained.first_distance


def test_grids_and_statistics_are_written(trained: Trained) -> None:
    folder = trained.run.folder
    assert (folder / "grids" / "000003000.png").is_file()
    rows = [json.loads(line) for line in (folder / "stats.jsonl").read_text().splitlines()]
    assert rows[-1]["images"] == 2000
    assert {"generator", "discriminator", "r1", "path_length", "images_per_second"} <= rows[-1].keys()


def test_the_averaged_generator_of_a_checkpoint_makes_the_samples_of_the_run(trained: Trained) -> None:
    z = np.random.default_rng(2).normal(size=(4, 8)).astype(np.float32)
    generator, _, notes = averaged_networks(checkpoint_files(trained.run.folder)[-1])
    difference = to_uint8(np.asarray(generator(z))).astype(int) - trained.run.sample(z)
    assert np.abs(difference).max() <= 1
    assert notes["images"] == 3000


def test_other_settings_do_not_continue_a_run(trained: Trained) -> None:
    with pytest.raises(ValueError, match="other settings"):
        Run(replace(TINY, learning_rate=0.1), discs(), trained.run.folder)


def test_a_resumed_run_is_bit_identical_to_an_undisturbed_one(tmp_path: Path) -> None:
    config = replace(TINY, ada_target=-2.0, ada_kimg=1.0)  # the probability grows whatever the logits are
    whole = Run(config, discs(), tmp_path / "whole")
    whole.train(images=48)

    Run(config, discs(), tmp_path / "broken").train(images=20)
    resumed = Run(config, discs(), tmp_path / "broken")
    assert resumed.images_seen == 20
    resumed.train(images=48)

    for one, other in zip(weights(whole), weights(resumed), strict=True):
        np.testing.assert_array_equal(one, other)
    assert whole.augment_p == resumed.augment_p > 0


def test_a_loss_that_is_not_a_number_ends_the_run_and_leaves_the_last_checkpoint(tmp_path: Path) -> None:
    run = Run(TINY, discs(), tmp_path)
    run.checkpoint()
    kept = checkpoint_files(tmp_path)
    run.state = {**run.state, "d": [v * np.float32(np.nan) for v in run.state["d"]]}
    with pytest.raises(Diverged, match="after 4 images"):
        run.train(images=32)
    assert checkpoint_files(tmp_path) == kept


def test_the_rate_of_a_resumed_run_leaves_out_the_time_before(tmp_path: Path) -> None:
    run = Run(TINY, discs(), tmp_path)
    run.seconds = 1e6  # as read from a checkpoint of a long run
    run.train(images=2000)
    (row,) = [json.loads(line) for line in (tmp_path / "stats.jsonl").read_text().splitlines()]
    assert row["images_per_second"] > 1


def test_a_run_ends_when_its_time_is_up_with_a_checkpoint(tmp_path: Path) -> None:
    run = Run(TINY, discs(), tmp_path)
    run.train(images=10**9, hours=0.0)
    assert [f.name for f in checkpoint_files(tmp_path)] == [f"checkpoint-{run.images_seen:09d}.safetensors"]
