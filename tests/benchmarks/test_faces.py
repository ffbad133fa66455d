"""How fast photographs become a data set of faces, and what that takes of the memory.

The photographs are rendered portraits of 512 x 512 pixels, each made different by brightness, size and
mirroring. The steps are those of the thesis, for faces from 100 pixels on, since these are a little smaller.
"""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from tests.benchmarks.figures import at_least, at_most, show

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]
PORTRAITS = Path(__file__).parents[1] / "fixtures" / "portraits"
FEW, MANY, ARCHIVE = 512, 4096, 130_000  # both keep two workers busy, a chunk being 128
STEPS = """
[[steps]]
filter = "size_filter"
min_size = 256
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
similarity_threshold = 0.9
[[steps]]
apply = "convert_to_rgb"
"""
# What one would write without a pipeline: a photograph after the other, and each of the steps on it alone.
PLAIN_LOOP = """
import sys
from pathlib import Path
import tensorflow as tf
from pipeline.dataset.build.configuration import read_configuration
from pipeline.dataset.build.tfrecord_output import example
from pipeline.faces.photo import Photo
from pipeline.dataset.sources import sources

photographs, config, out = map(Path, sys.argv[1:])
steps, written = read_configuration(config).steps, 0
judges = [step.judge() if step.ordered else None for step in steps]
found = sources([photographs])
with tf.io.TFRecordWriter(str(out)) as writer:
    for index in range(len(found)):
        photo = found.read(index)
        for step, judge in zip(steps, judges):
            (photo,) = step.each([photo])
            if not isinstance(photo, Photo) or judge is not None and not judge.judge([photo])[0]:
                break
        else:
            writer.write(example(photo))
            written += 1
print(written)
"""


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds by the clock, seconds of processors, most memory of its processes (MiB).

    Memory is the proportional set size: what processes share counts once.
    """

    seconds: float
    processors: float
    memory: float


def cost(command: list[str]) -> Cost:
    """Run a command and watch it and its children."""
    started, memory, processors = time.monotonic(), 0.0, {}
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        used = 0
        for each in (process, *children(process)):
            try:
                used += each.memory_full_info().pss
                times = each.cpu_times()
            except psutil.NoSuchProcess:
                continue
            processors[each.pid] = times.user + times.system
        memory = max(memory, used / 2**20)
        time.sleep(1)
    assert process.returncode == 0
    return Cost(time.monotonic() - started, sum(processors.values()), memory)


def children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def photographs(folder: Path, count: int) -> Path:
    """So many different photographs."""
    folder.mkdir()
    portraits = [cv2.imread(str(path)) for path in sorted(PORTRAITS.glob("*.jpg"))]
    random = np.random.default_rng(0)
    for number in range(count):
        picture = np.asarray(portraits[number % len(portraits)])
        side = int(random.integers(480, 561))
        picture = cv2.resize(picture, (side, side))[:, :: int(random.choice([1, -1]))]
        picture = np.clip(picture * random.uniform(0.8, 1.2), 0, 255).astype(np.uint8)
        cv2.imwrite(str(folder / f"{number}.jpg"), picture)
    return folder


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(STEPS)
    return path


def build(source: Path, out: Path, config: Path, workers: int) -> Cost:
    options = ["--out", str(out), "--config", str(config), "--workers", str(workers)]
    return cost([sys.executable, "-m", "pipeline", "faces", "build", str(source), *options])


def test_a_build_on_two_cores_against_a_plain_loop_and_what_an_archive_would_take(
    tmp_path: Path, config: Path
) -> None:
    few, many = (photographs(tmp_path / str(count), count) for count in (FEW, MANY))
    loop = cost([sys.executable, "-c", PLAIN_LOOP, str(few), str(config), str(tmp_path / "loop.tfrecord")])
    alone = build(few, tmp_path / "alone", config, 1)
    two = build(few, tmp_path / "two", config, 2)
    two_many = build(many, tmp_path / "two-many", config, 2)

    for name, each in (("plain loop", loop), ("one worker", alone), ("two workers", two)):
        show(f"{FEW} photographs, {name}", [each.seconds], unit="s")
        show("  processors", [each.processors], unit="s")
        show("  memory of all processes", [each.memory], unit="MiB")
    show(
        "two workers against the plain loop",
        [loop.seconds / two.seconds],
        unit="times",
        promised=at_least(1.8),
    )
    longer = (two_many.seconds - two.seconds) / (MANY - FEW)
    hours = (two_many.seconds + (ARCHIVE - MANY) * longer) / 3600
    show(f"{ARCHIVE:,} photographs on two workers, extrapolated", [hours], unit="h")
    show(f"  memory of {MANY}", [two_many.memory], unit="MiB", promised=at_most(2048))
    growth = max(0.0, two_many.memory - two.memory) / (MANY - FEW)
    memory = two_many.memory + (ARCHIVE - MANY) * growth
    show("  memory, extrapolated", [memory], unit="MiB", promised=at_most(2048))
