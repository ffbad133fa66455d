"""Ctrl-C during long work that the same command can go on with."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

INTERRUPTED: Final = 130


@contextmanager
def goes_on() -> Iterator[None]:
    """Say in one line that nothing is lost, and end with the status of an interrupted program."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. The same command goes on from here.\n")
        raise SystemExit(INTERRUPTED) from None
