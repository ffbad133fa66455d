"""How long ``draft_lineup`` takes from nothing, and for each further photograph."""

import json
import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.benchmarks.figures import at_most, show
from tests.e2e.pictures import MAN
from tests.e2e.site import ROOT

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]


SOMEBODY = ROOT / "tests" / "fixtures" / "blends" / "long-hair.webp"
GALLERY = ROOT / "gpu_worker" / "galleries" / "people"
PORTRAITS = sorted(map(str, (ROOT / "tests" / "fixtures" / "portraits").glob("*.jpg")))


@pytest.mark.parametrize(
    ("source", "photograph", "promised"), [("generator", MAN, 9), ("gallery", SOMEBODY, 9)]
)
def test_a_cold_draft(source: str, photograph: Path, promised: int, tmp_path: Path) -> None:
    whole: list[float] = []
    stages: dict[str, list[float]] = {}
    for number in range(3):
        out = tmp_path / f"{number}.png"
        command = [sys.executable, "manage.py", "draft_lineup", str(photograph), "--source", source]
        command += ["--out", str(out), "--json"]
        environment = environment_of(source, tmp_path)
        started = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        whole.append(time.monotonic() - started)
        for stage, seconds in json.loads(done.stdout)["seconds"].items():
            stages.setdefault(stage, []).append(seconds)
    show(f"draft_lineup of the {source}, cold", whole, unit="s", promised=at_most(promised))
    for stage, values in stages.items():
        show(f"  {stage}", values, unit="s")


@pytest.mark.parametrize("source", ["generator", "gallery"])
def test_each_further_photograph_of_a_folder(source: str, tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "draft_lineup", *PORTRAITS, "--source", source, "--locks", "sex"]
    command += ["--out", str(tmp_path / "drafted"), "--seed", "1", "--json"]
    ready = []
    with subprocess.Popen(
        command, cwd=ROOT, env=environment_of(source, tmp_path), stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    ) as drafting:  # fmt: skip
        assert drafting.stdout is not None
        for line in drafting.stdout:
            ready.append(time.monotonic())
            assert "error" not in json.loads(line)
    further = [end - start for start, end in pairwise(ready)]
    show(f"draft_lineup of the {source}, each further photograph", further, unit="s")


def environment_of(source: str, folder: Path) -> dict[str, str]:
    """What the command finds set: one source, and a data folder in ``folder``."""
    environment = {
        **os.environ,
        "LIGAN_DATA": str(folder / "data"),
        "DJANGO_SETTINGS_MODULE": "ligan_site.settings",
        "LIGAN_SOURCES": source,
    }
    return environment | ({"LIGAN_GALLERY": str(GALLERY)} if source == "gallery" else {})
