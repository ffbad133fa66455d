"""How long ``draft_lineup`` takes from nothing."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.benchmarks.figures import at_most, show
from tests.e2e.pictures import MAN
from tests.e2e.site import ROOT

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]


SOMEBODY = ROOT / "tests" / "fixtures" / "blends" / "long-hair.webp"
GALLERY = ROOT / "gpu_worker" / "galleries" / "people"


@pytest.mark.parametrize(
    ("source", "photograph", "promised"), [("generator", MAN, 15), ("gallery", SOMEBODY, 12)]
)
def test_a_cold_draft(source: str, photograph: Path, promised: int, tmp_path: Path) -> None:
    whole: list[float] = []
    stages: dict[str, list[float]] = {}
    for number in range(3):
        out = tmp_path / f"{number}.png"
        command = [sys.executable, "manage.py", "draft_lineup", str(photograph), "--source", source]
        command += ["--out", str(out), "--json"]
        environment = {
            **os.environ,
            "LIGAN_DATA": str(tmp_path / "data"),
            "DJANGO_SETTINGS_MODULE": "ligan_site.settings",
            "LIGAN_SOURCES": source,
        }
        environment |= {"LIGAN_GALLERY": str(GALLERY)} if source == "gallery" else {}
        started = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        whole.append(time.monotonic() - started)
        for stage, seconds in json.loads(done.stdout)["seconds"].items():
            stages.setdefault(stage, []).append(seconds)
    show(f"draft_lineup of the {source}, cold", whole, unit="s", promised=at_most(promised))
    for stage, values in stages.items():
        show(f"  {stage}", values, unit="s")
