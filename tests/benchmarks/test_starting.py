"""How long it takes until the sign-in page is there: from a fresh clone, and the second time."""

import os
import signal
import socket
import subprocess
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from tests.benchmarks.figures import at_most, show
from tests.e2e.site import ROOT

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1800)]


def seconds_to_sign_in(clone: Path) -> float:
    """Start with ``make run`` in a folder and end it again; seconds until the page answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    started = time.monotonic()
    with (clone / "run.log").open("ab") as log:
        process = subprocess.Popen(
            ["make", "run", f"PORT={port}"],
            cwd=clone,
            env=environment(),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        while not answers(port):
            assert process.poll() is None, (clone / "run.log").read_text()
            time.sleep(0.05)
        return time.monotonic() - started
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)


def environment() -> dict[str, str]:
    """The environment of a new user: nothing of this test run, and nothing of the make that started it."""
    ours = ("DJANGO_", "LIGAN_", "MAKE", "MFLAGS", "VIRTUAL_ENV", "STATIC_ROOT")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def answers(port: int) -> bool:
    """Whether the sign-in page is there."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/accounts/sign-in/")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def test_a_fresh_clone_and_a_second_start(tmp_path: Path) -> None:
    clone = tmp_path / "ligan"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    show(
        "make run, fresh clone, to the sign-in page",
        [seconds_to_sign_in(clone)],
        unit="s",
        promised=at_most(300),
    )
    again = [seconds_to_sign_in(clone) for _ in range(3)]
    show("make run, again", again, unit="s", promised=at_most(10))
