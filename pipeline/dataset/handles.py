"""Open files in objects that go from process to process."""

import os
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class PerProcess(Generic[T]):
    """Something opened when first used, again in each process: a forked or unpickled file is of no use.

    Args:
        opener: opens it; picklable.
    """

    def __init__(self, opener: Callable[[], T]) -> None:
        self._opener = opener
        self._opened: tuple[int, T] | None = None
        self.lock = threading.RLock()

    def get(self) -> T:
        """Open it, or give what this process has opened."""
        with self.lock:
            if self._opened is None or self._opened[0] != os.getpid():
                self._opened = (os.getpid(), self._opener())
            return self._opened[1]

    def __reduce__(self) -> tuple[type["PerProcess[T]"], tuple[Callable[[], T]]]:
        return PerProcess, (self._opener,)
