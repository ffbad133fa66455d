"""Being told to stop: a run ends after the step it is at, with a checkpoint."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@dataclass
class Told:
    """Whether a signal has come."""

    stop: bool = False


@contextmanager
def until_told() -> Iterator[Told]:
    """Take note of SIGINT and SIGTERM instead of ending at once; before and after they do what they did."""
    told = Told()

    def on_signal(*_: Any) -> None:
        told.stop = True

    previous = {number: signal.signal(number, on_signal) for number in SIGNALS}
    try:
        yield told
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
