"""What an installation consists of."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ligan_site.up.child import Program

QUEUES: Final = ("interactive", "refine")
ROOT: Final = Path(__file__).resolve().parent.parent.parent
# The working folder stays the supervisor's, so that relative paths in the settings mean the same everywhere.
PYTHON: Final[Mapping[str, str]] = {"PYTHONPATH": str(ROOT)}


def web(descriptor: int) -> Program:
    """The web server on the listening socket ``descriptor``."""
    command = (sys.executable, "-m", "ligan_site.up.web", str(descriptor))
    return Program("The web server", command, PYTHON, inherits=(descriptor,))


def workers() -> list[Program]:
    """One worker a queue: a long refinement never holds up a generation.

    Prefork with one process: the model lives in the forked child, which can be killed, while the parent stays
    small and goes on answering.
    """
    celery = (
        sys.executable,
        "-m",
        "celery",
        "--quiet",
        "-A",
        "ligan_site",
        "worker",
        "--loglevel",
        "WARNING",
    )
    options = ("-P", "prefork", "-c", "1", "--without-gossip", "--without-mingle", "--without-heartbeat")
    return [
        Program(f"The {queue} worker", (*celery, "-n", f"{queue}@%h", "-Q", queue, *options), PYTHON)
        for queue in QUEUES
    ]


def reaper() -> Program:
    """Repairs jobs of dead workers, every five seconds."""
    return Program("The reaper", (sys.executable, str(ROOT / "manage.py"), "reap", "--every", "5"), PYTHON)
