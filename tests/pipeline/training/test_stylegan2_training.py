"""Training goes on exactly where it stopped, and stops where it must."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from pipeline.__main__ import main
from pipeline.dataset.images import save_grid, to_uint8
from pipeline.training.checkpoints import checkpoint_files, load_notes
from pipeline.training.loop import Diverged
from pipeline.training.stylegan2 import commands
from pipeline.training.stylegan2.config import PRESETS
from pipeline.training.stylegan2.run import StyleGAN2Run
from pipeline.training.stylegan2.weights import averaged_networks
from tests.pipeline.training.short_run import AUGMENTED, ROW_EVERY, TINY, discs

ROOT = Path(__file__).parents[3]
PROGRAM = Path(__file__).with_name("short_run.py")


@dataclass(frozen=True)
class Trained:
    """A run that has ended, and what was measured before it began."""

    run: StyleGAN2Run
    first_weights: list[np.ndarray]
    first_distance: float

    def distance(self) -> float:
        """Mean difference in grey levels between the mean sample and the mean picture."""
        return distance(self.run)


def distance(run: StyleGAN2Run) -> float:
    """Mean difference in grey levels between the mean sample and the mean picture."""
    z = np.random.default_rng(1).normal(size=(64, 8)).astype(np.float32)
    return float(np.abs(run.sample(z).mean(axis=0) - discs().mean(axis=0)).mean())


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A run over a few thousand pictures."""
    run = StyleGAN2Run(TINY, discs(), tmp_path_factory.mktemp("trained"))
    before = [np.asarray(v) for v in (*run.state["g"], *run.state["d"])]
    first = distance(run)
    run.train(images=3000)
    return Trained(run, before, first)


def weights(run: StyleGAN2Run) -> list[np.ndarray]:
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
        StyleGAN2Run(replace(TINY, learning_rate=0.1), discs(), trained.run.folder)


def losses(folder: Path) -> list[dict[str, Any]]:
    """The rows of a run's statistics, without what the clock says."""
    rows = [json.loads(line) for line in (folder / "stats.jsonl").read_text().splitlines()]
    return [{k: v for k, v in row.items() if "second" not in k} for row in rows]


def interrupted(folder: Path) -> int:
    """Start a run as a process, end it with SIGTERM after its first row; returns the images it saw."""
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), str(folder), str(10**6)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
    )
    while not (folder / "stats.jsonl").is_file():
        assert process.poll() is None
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 0
    return int(load_notes(checkpoint_files(folder)[-1])["images"])


def test_a_run_that_a_signal_ended_goes_on_as_if_undisturbed_bit_for_bit(tmp_path: Path) -> None:
    seen = interrupted(tmp_path / "broken")
    resumed = StyleGAN2Run(AUGMENTED, discs(), tmp_path / "broken")
    assert resumed.images_seen == seen
    resumed.train(images=seen + 28, row_every=ROW_EVERY)
    whole = StyleGAN2Run(AUGMENTED, discs(), tmp_path / "whole")
    whole.train(images=seen + 28, row_every=ROW_EVERY)

    for one, other in zip(weights(whole), weights(resumed), strict=True):
        np.testing.assert_array_equal(one, other)
    assert losses(tmp_path / "whole") == losses(tmp_path / "broken")
    assert whole.augment_p == resumed.augment_p > 0


@pytest.mark.timeout(600)
def test_a_run_and_its_resumption_work_under_jax(tmp_path: Path) -> None:
    flags = "--xla_backend_optimization_level=0"
    environment = {**os.environ, "KERAS_BACKEND": "jax", "PYTHONPATH": str(ROOT), "XLA_FLAGS": flags}
    program = [sys.executable, str(PROGRAM), str(tmp_path), "24", "48"]
    subprocess.run(program, env=environment, cwd=ROOT, check=True)
    rows = losses(tmp_path)
    assert [row["images"] for row in rows] == [20, 40]
    assert all(np.isfinite(list(row.values())).all() for row in rows)
    assert load_notes(checkpoint_files(tmp_path)[-1])["images"] == 48


def test_a_checkpoint_knows_nothing_of_the_devices_so_any_may_go_on(trained: Trained) -> None:
    notes = load_notes(checkpoint_files(trained.run.folder)[-1])
    assert not {"devices", "passes", "shares"} & {*notes, *notes["config"]}


def test_tensorboard_shows_the_figures_and_the_grids(trained: Trained) -> None:
    events = EventAccumulator(str(trained.run.folder / "tensorboard"))
    events.Reload()
    rows = losses(trained.run.folder)
    shown = {(e.step, round(e.value, 4)) for e in events.Scalars("generator")}
    assert shown == {(row["images"], round(row["generator"], 4)) for row in rows}
    (grid,) = events.Images("samples")
    assert (grid.step, grid.width) == (3000, 64)


def pictures(folder: Path) -> Path:
    """The discs as files."""
    for number, picture in enumerate(discs()):
        save_grid(folder / "discs" / f"{number:02d}.png", picture[None], columns=1)
    return folder / "discs"


def command(folder: Path, *options: str) -> list[str]:
    """``train stylegan2`` on the discs."""
    out = str(folder / "run")
    return ["train", "stylegan2", str(pictures(folder)), "--out", out, "--preset", "tiny", *options]


def test_a_run_that_diverges_ends_with_status_one_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PRESETS, "tiny", replace(TINY, learning_rate=1e30, path_interval=0, r1_interval=0))
    with pytest.raises(SystemExit, match=r"^error: \w+ is (nan|inf) after 4 images"):
        main(command(tmp_path, "--images", "100"))
    assert checkpoint_files(tmp_path / "run") == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--batch", "9", "--passes", "2"], "a batch of 9 cannot be shared out evenly"),
        (["--devices", "99"], "99 devices were asked for"),
        (["--augment", "blit,glue"], "no augmentation 'glue'"),
        (["--keep", "0"], "--keep must be at least 1"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    message: str,
) -> None:
    monkeypatch.setitem(PRESETS, "tiny", TINY)
    assert main(command(tmp_path, *options)) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_the_help_names_every_preset() -> None:
    assert sorted(commands.PRESETS) == sorted(PRESETS)


def test_a_loss_that_is_not_a_number_ends_the_run_and_leaves_the_last_checkpoint(tmp_path: Path) -> None:
    run = StyleGAN2Run(TINY, discs(), tmp_path)
    run.checkpoint()
    kept = checkpoint_files(tmp_path)
    run.state = {**run.state, "d": [v * np.float32(np.nan) for v in run.state["d"]]}
    with pytest.raises(Diverged, match="after 4 images"):
        run.train(images=32)
    assert checkpoint_files(tmp_path) == kept


def test_the_rate_of_a_resumed_run_leaves_out_the_time_before(tmp_path: Path) -> None:
    run = StyleGAN2Run(TINY, discs(), tmp_path)
    run.seconds = 1e6  # as read from a checkpoint of a long run
    run.train(images=40, row_every=40)
    (row,) = [json.loads(line) for line in (tmp_path / "stats.jsonl").read_text().splitlines()]
    assert row["images_per_second"] > 1


def test_a_run_ends_when_its_time_is_up_with_a_checkpoint(tmp_path: Path) -> None:
    run = StyleGAN2Run(TINY, discs(), tmp_path)
    run.train(images=10**9, hours=0.0)
    assert [f.name for f in checkpoint_files(tmp_path)] == [f"checkpoint-{run.images_seen:09d}.safetensors"]
