"""Work that holds its folder alone and ends in good order."""

import fcntl
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.command_line import BadInput


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Hold the folder that ``lock`` stands for; the system lets go of it when the process ends, however.

    Raises:
        BadInput: another process holds it.
    """
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BadInput(f"another process is building in {lock.parent.parent}.") from error
        yield


@contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM end the work as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
