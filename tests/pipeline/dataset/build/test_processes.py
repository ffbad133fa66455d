"""``python -m pipeline faces build`` as real processes, killed from outside."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest
from distributed import LocalCluster

from tests.pipeline.dataset.build.made import files, folder

PORTRAITS = Path(__file__).parents[3] / "fixtures" / "portraits"
# Steps that need no network, so that processes start quickly.
LIGHT = """
format = "folder"
chunk_size = 4
[[steps]]
filter = "size_filter"
min_size = 40
[[steps]]
filter = "quality_filter"
[[steps]]
apply = "convert_to_rgb"
"""
# The steps of the thesis, for faces that are a little smaller than it asks for.
THESIS = """
chunk_size = 2
shard_size = 2
[[steps]]
filter = "size_filter"
[[steps]]
filter = "color_filter"
[[steps]]
apply = "extract_face"
min_face_width = 100
min_face_height = 100
[[steps]]
filter = "quality_filter"
[[steps]]
filter_window = "remove_too_similar"
window_size = 2
[[steps]]
apply = "convert_to_rgb"
"""


@pytest.fixture
def place() -> Iterator[Path]:
    with folder() as path:
        yield path


@pytest.fixture
def photographs(place: Path) -> Path:
    """Photographs of noise, in a folder."""
    (place / "photographs").mkdir()
    random = np.random.default_rng(0)
    for number in range(160):
        side = 32 if number % 5 == 0 else 64
        pixels = random.integers(40, 200, (side, side, 3)).astype(np.uint8)
        cv2.imwrite(str(place / "photographs" / f"{number}.png"), pixels)
    (place / "photographs" / "broken.jpg").write_bytes(b"no picture")
    return place / "photographs"


def command(source: Path, out: Path, config: str, *options: object) -> list[str]:
    file = out.parent / "config.toml"
    file.write_text(config)
    return [
        *(sys.executable, "-m", "pipeline", "faces", "build", str(source), "--out", str(out)),
        *("--config", str(file), *map(str, options)),
    ]


def run(source: Path, out: Path, config: str, *options: object) -> dict[str, bytes]:
    """Build to the end; the files."""
    done = subprocess.run(command(source, out, config, *options), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return files(out)


def ended(source: Path, out: Path, config: str, how: signal.Signals, tallies: int) -> tuple[int, str]:
    """Build with two processes and end that after so many tasks; the exit status and what was said."""
    process = subprocess.Popen(
        command(source, out, config, "--workers", 2),
        stderr=subprocess.PIPE,
        text=True,
        stdout=subprocess.PIPE,
    )
    while process.poll() is None and len(list(out.glob(".build/*.json"))) < tallies:
        time.sleep(0.005)
    children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.send_signal(how)
    _, errors = process.communicate()
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive, "its processes outlived it"
    return process.returncode, errors


def test_a_build_that_is_killed_leaves_no_process_and_goes_on_to_the_same_bytes(
    place: Path, photographs: Path
) -> None:
    undisturbed = run(photographs, place / "undisturbed", LIGHT, "--workers", 1)

    statuses = [
        ended(photographs, place / "killed", LIGHT, signal.SIGKILL, tallies)[0] for tallies in (1, 9, 22)
    ]

    assert -signal.SIGKILL in statuses
    assert run(photographs, place / "killed", LIGHT, "--workers", 2) == undisturbed


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_stopped_says_how_it_goes_on(
    place: Path, photographs: Path, how: signal.Signals
) -> None:
    status, errors = ended(photographs, place / "out", LIGHT, how, 3)

    assert status == 130
    assert errors.splitlines()[-1] == "Stopped. The same command goes on from here."
    assert "Traceback" not in errors


def test_the_report_of_a_build_that_is_not_finished_says_how_far_it_is(
    place: Path, photographs: Path
) -> None:
    ended(photographs, place / "out", LIGHT, signal.SIGKILL, 3)

    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "faces", "report", str(place / "out")],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "of 161 photographs looked at so far" in done.stdout


@pytest.fixture(scope="module")
def portraits() -> Iterator[Path]:
    """The portraits of the fixtures, each twice, one after the other."""
    with folder() as path:
        for number, portrait in enumerate(sorted(PORTRAITS.glob("*.jpg"))):
            (path / f"{number}a.jpg").write_bytes(portrait.read_bytes())
            (path / f"{number}b.jpg").write_bytes(portrait.read_bytes())
        yield path


@pytest.fixture(scope="module")
def alone(portraits: Path) -> Iterator[dict[str, bytes]]:
    """What one process makes of them by the steps of the thesis."""
    with folder() as path:
        yield run(portraits, path / "alone", THESIS, "--workers", 0)


@pytest.mark.slow
def test_the_steps_of_the_thesis_write_the_same_records_in_one_process_and_in_two(
    place: Path, portraits: Path, alone: dict[str, bytes]
) -> None:
    assert run(portraits, place / "two", THESIS, "--workers", 2) == alone


@pytest.mark.slow
def test_the_steps_of_the_thesis_write_the_same_records_on_a_dask_cluster(
    place: Path, portraits: Path, alone: dict[str, bytes]
) -> None:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        assert run(portraits, place / "cluster", THESIS, "--workers", cluster.scheduler_address) == alone


@pytest.mark.slow
def test_the_steps_of_the_thesis_keep_one_photograph_of_each_person(alone: dict[str, bytes]) -> None:
    steps = {step["name"]: step for step in json.loads(alone["report.json"])["steps"]}
    assert steps["remove_too_similar"]["images_in"] == 8
    assert steps["remove_too_similar"]["images_out"] == 3  # two of them show one man
    assert sorted(name for name in alone if name.endswith(".tfrecord")) == [
        "faces-00000.tfrecord",
        "faces-00001.tfrecord",
    ]
