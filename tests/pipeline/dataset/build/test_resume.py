"""A build that is killed, at any moment, goes on and comes to the same bytes as one that was not."""

import json
import multiprocessing
import os
import signal
import sys
from pathlib import Path

import pytest

from pipeline.dataset.build.configuration import Configuration
from pipeline.dataset.build.folder_output import FolderOutput
from pipeline.dataset.build.outputs import Output
from tests.pipeline.dataset.build.made import (
    BRIGHTER,
    BROKEN,
    FILTER,
    SET,
    WINDOW,
    Made,
    Records,
    built,
    files,
    folder,
)

SOURCES = Made([30, 35, BROKEN, 50, 51, 15, 70, 255, 91, 30, 33, 160, 30])
STEPS = (FILTER, WINDOW, BRIGHTER, SET)
CHANGES = {"open", "os.rename", "os.remove", "os.truncate", "os.mkdir", "os.rmdir", "shutil.rmtree"}
"""What Python says before it changes something on the disk."""


@pytest.fixture(autouse=True)
def saved_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """The position of the output is saved several times even in a small build."""
    monkeypatch.setattr("pipeline.dataset.build.coordinator.SAVE_EVERY", 2)


CONFIGURATION = Configuration(STEPS, chunk_size=3)
BOTH = pytest.mark.parametrize("output", [FolderOutput(), Records(shard_size=2)], ids=["folder", "shards"])


def build_until(out: Path, output: Output, change: int) -> None:
    """Build in this process, which kills itself just before its ``change``-th change below ``out``."""
    left = change

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in CHANGES and str(arguments[0]).startswith(str(out)):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115 (for the life of a short process)
    built(out, SOURCES, CONFIGURATION, output=output)


def killed(out: Path, output: Output, change: int) -> bool:
    """Build in a process of its own; whether it was killed before the end."""
    process = multiprocessing.get_context("fork").Process(target=build_until, args=(out, output, change))
    process.start()
    process.join(60)
    assert process.exitcode in {0, -signal.SIGKILL}
    return process.exitcode != 0


@pytest.mark.parametrize(
    ("output", "apart"), [(Records(shard_size=2), 1), (FolderOutput(), 3)], ids=["shards", "folder"]
)
def test_killed_before_any_change_it_makes_on_the_disk_it_comes_to_the_same_end(
    output: Output, apart: int
) -> None:
    with folder() as path:
        undisturbed = built(path / "undisturbed", SOURCES, CONFIGURATION, output=output)
        change = 1
        while killed(out := path / str(change), output, change):
            assert built(out, SOURCES, CONFIGURATION, output=output) == undisturbed, change
            change += apart

    assert change > 80
    assert json.loads(undisturbed["report.json"])["faces"] == 5


@BOTH
def test_killed_again_and_again_it_comes_to_the_same_end(output: Output) -> None:
    with folder() as path:
        undisturbed = built(path / "undisturbed", SOURCES, CONFIGURATION, output=output)
        kills = 0
        while killed(path / "out", output, 61):
            kills += 1

        assert files(path / "out") == undisturbed
    assert kills > 1
