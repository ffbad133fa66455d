"""How long it takes until the rooms without networks, and the command line, are there."""

import subprocess
import sys

import pytest

from tests.benchmarks.figures import at_most, show

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(300)]

ROUNDS = 7
PROGRAM = """
import time
started = time.perf_counter()
import {room}
print(time.perf_counter() - started)
"""


@pytest.mark.parametrize("room", ["pipeline.attributes", "pipeline.faces", "pipeline.fillers"])
def test_importing_a_room(room: str) -> None:
    command = [sys.executable, "-c", PROGRAM.format(room=room)]
    seconds = [
        float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
        for _ in range(ROUNDS)
    ]

    show(f"import {room}", seconds, unit="s", promised=at_most(0.3))
    assert min(seconds) < 0.3


def test_listing_the_commands() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "pipeline", "--help"]
    seconds = []
    for _ in range(ROUNDS):
        done = subprocess.run(command, capture_output=True, check=True, text=True)
        lines = [line.split("|") for line in done.stderr.splitlines() if line.startswith("import time:")]
        own = [int(line[0].removeprefix("import time:")) for line in lines[1:]]
        seconds.append(sum(own) / 1e6)

    show("python -m pipeline --help, imports", seconds, unit="s", promised=at_most(0.3))
    assert min(seconds) < 0.3
