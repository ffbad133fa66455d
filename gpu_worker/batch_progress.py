"""Telling somebody at a terminal how far the work on many photographs is, and how long it still takes."""

import time
from collections.abc import Callable
from datetime import timedelta

from gpu_worker.terminal import Terminal


class BatchProgress:
    """A line for each photograph; where somebody watches, also the stage that is going on right now.

    The time left is what the photographs so far took in the mean, without loading the models.

    Args:
        total: photographs.
        clock: seconds.
    """

    def __init__(
        self, terminal: Terminal, total: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._terminal, self._total, self._clock = terminal, total, clock
        self._done = 0
        self._spent = 0.0
        self._began = clock()
        self._name = self._stage = ""

    def photograph(self, name: str) -> None:
        """The next photograph's turn has come."""
        self._name, self._began = name, self._clock()
        self.stage("read")

    def stage(self, name: str) -> None:
        """Show that a stage is going on."""
        self._stage = name
        self._show(f"{name} …")

    def reached(self, fraction: float) -> None:
        """Show how far the stage is."""
        self._show(f"{self._stage} {fraction:.0%}")

    def finished(self, *, loading: float = 0.0) -> None:
        """Leave a line about the photograph.

        Args:
            loading: seconds that the models took, once and for all photographs.
        """
        seconds = self._clock() - self._began
        self._done += 1
        self._spent += max(0.0, seconds - loading)
        self._began = self._clock()
        self._terminal.line(f"{self._done}/{self._total} {self._name}: {seconds:.2f} s{self._left()}")

    def _show(self, what: str) -> None:
        self._terminal.passing(f"{self._done + 1}/{self._total} {self._name}: {what}{self._left()}")

    def _left(self) -> str:
        """The time left, in words; nothing before the first photograph is done, and after the last."""
        if not self._done or self._done == self._total:
            return ""
        expected = self._spent / self._done * (self._total - self._done)
        left = max(0.0, expected - (self._clock() - self._began))
        return f", {timedelta(seconds=round(left))} left"
