"""SIGINT and SIGTERM end a training after the step it is at, with a checkpoint."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def noted_signals() -> Iterator[Callable[[], bool]]:
    """Note :data:`SIGNALS` instead of ending at once; yields whether one has come."""
    received: list[int] = []

    def on_signal(number: int, _: Any) -> None:
        received.append(number)

    previous = {number: signal.signal(number, on_signal) for number in SIGNALS}
    try:
        yield lambda: bool(received)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
