"""How long an interactive worker takes from its start until it serves, and what it then takes of memory."""

import time
from pathlib import Path

import pytest

from lineups import status
from tests.benchmarks.figures import at_most, show
from tests.gpu_worker.plant import joined, running_plant

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]
SOURCES = {"generator": ("none", "generator"), "both sources": ("", "gallery,generator")}


@pytest.mark.parametrize("offered", SOURCES)
def test_from_start_to_ready(
    offered: str, settings: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    gallery, sources = SOURCES[offered]
    seconds, memory = [], []
    for _ in range(3):
        folder: Path = tmp_path_factory.mktemp("plant")
        started = time.monotonic()
        with (
            running_plant(folder, "interactive", LIGAN_GALLERY=gallery, LIGAN_SOURCES=sources) as plant,
            joined(plant, settings),
        ):
            while not status.current().ready:
                time.sleep(0.02)
            seconds.append(time.monotonic() - started)
            memory.append(plant.child.memory_info().rss / 2**20)
    show(f"interactive worker of {offered}, start to ready", seconds, unit="s", promised=at_most(6))
    show("  memory at rest", memory, unit="MiB", promised=at_most(600))
