"""Checkpoints, statistics and progress of a run."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.training.checkpoints import checkpoint_files, number_of, save_checkpoint
from pipeline.training.progress import Progress
from pipeline.training.statistics import Statistics


def saved(folder: Path, last: int, **keep: int) -> list[int]:
    """Save a checkpoint every 20 images and say which are left."""
    for number in range(20, last + 1, 20):
        save_checkpoint(folder, number, {"x": np.zeros(1, np.float32)}, {}, **keep)
    return [number_of(file) for file in checkpoint_files(folder)]


def test_the_newest_checkpoints_are_kept(tmp_path: Path) -> None:
    assert saved(tmp_path, 200, keep=3) == [160, 180, 200]


def test_a_curve_has_a_checkpoint_for_each_so_many_images(tmp_path: Path) -> None:
    assert saved(tmp_path, 300, keep=1, keep_every=90) == [100, 180, 280, 300]


def test_rows_after_the_checkpoint_are_dropped_for_they_will_come_again(tmp_path: Path) -> None:
    statistics = Statistics(tmp_path, 0)
    for images in (10, 20, 30):
        statistics.add({"loss": float(images)})
        statistics.write(images, {})
    Statistics(tmp_path, 20)
    rows = [json.loads(line) for line in (tmp_path / "stats.jsonl").read_text().splitlines()]
    assert [row["images"] for row in rows] == [10, 20]


def test_a_row_is_the_mean_over_the_steps_before_and_after_a_resumption(tmp_path: Path) -> None:
    before = Statistics(tmp_path, 0)
    before.add({"loss": 1.0})
    after = Statistics(tmp_path, 10, json.loads(json.dumps(before.window)))
    after.add({"loss": 2.0})
    assert after.write(20, {})["loss"] == 1.5


@pytest.mark.parametrize(
    ("hours", "rate", "seconds"), [(None, 10.0, 90), (1.0, 10.0, 90), (0.01, 10.0, 36), (0.01, None, 36)]
)
def test_the_time_left_is_to_the_end_that_comes_first(
    hours: float | None, rate: float | None, seconds: float
) -> None:
    progress = Progress(1000, 100, hours)
    assert progress.left(rate) == pytest.approx(seconds, abs=1)
    progress.close()


def test_nothing_is_said_of_the_time_left_before_it_is_known() -> None:
    progress = Progress(1000, 0)
    assert progress.left(None) is None
    progress.close()
