"""How long ``annotate`` takes from nothing, of a few photographs and of many."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.evaluation.annotation.records import read_records
from tests.benchmarks.figures import at_most, show
from tests.e2e.site import ROOT

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

BUNDLE = ROOT / "gpu_worker" / "bundles" / "demo"
PORTRAITS = sorted((ROOT / "tests" / "fixtures" / "portraits").glob("*.jpg"))


def photographs(folder: Path, count: int) -> Path:
    """A folder of so many photographs, some of them the same under another name."""
    folder.mkdir()
    for number in range(count):
        portrait = PORTRAITS[number % len(PORTRAITS)]
        shutil.copyfile(portrait, folder / f"{number:03}{portrait.suffix}")
    return folder


@pytest.mark.parametrize(("count", "promised"), [(4, 8), (100, 30)])
def test_annotating_photographs(count: int, promised: int, tmp_path: Path) -> None:
    folder, taken = photographs(tmp_path / "photographs", count), []
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for number in range(3):
        out = tmp_path / f"{number}.jsonl"
        command = [sys.executable, "-m", "pipeline", "annotate", str(folder), "--crop"]
        command += ["--bundle", str(BUNDLE), "--out", str(out)]
        started = time.monotonic()
        subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
        taken.append(time.monotonic() - started)
        assert not any("problem" in row for row in read_records(out).rows)
    show(f"annotate --crop, {count} photographs, cold", taken, unit="s", promised=at_most(promised))
