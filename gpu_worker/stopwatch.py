"""How long each stage of a piece of work takes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stopwatch:
    """Adds up the seconds of named stages.

    Args:
        began: told the name of a stage as it begins.
        ended: told its name and seconds when it ends; not when it fails.
    """

    def __init__(
        self,
        *,
        began: Callable[[str], None] = lambda name: None,
        ended: Callable[[str, float], None] = lambda name, seconds: None,
    ) -> None:
        self.seconds: dict[str, float] = {}
        self._began = began
        self._ended = ended

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what is done inside."""
        self._began(name)
        start = time.perf_counter()
        yield
        seconds = time.perf_counter() - start
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds
        self._ended(name, seconds)
