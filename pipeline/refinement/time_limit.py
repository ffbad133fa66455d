"""A time limit that is kept, whatever the single steps cost."""

import time
from collections.abc import Callable
from typing import Final

# What a step, or the end of the work, may take longer than the last time.
SLACK: Final = 1.5
# Time for the end of the work before any of it was measured, seconds.
ENDING: Final = 0.3


class TimeLimit:
    """So many seconds from now on.

    Args:
        seconds: of the clock, counted from the making of this object; must be positive.
        clock: seconds that never go back.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        if not seconds > 0:
            raise ValueError(f"a time limit is a positive number of seconds, not {seconds}")
        self.seconds, self._clock, self._began = seconds, clock, clock()
        self._ending = ENDING

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return self._clock() - self._began

    @property
    def share(self) -> float:
        """How much of the time is over, 0..1."""
        return min(1.0, self.elapsed / self.seconds)

    def ending_takes(self, seconds: float) -> None:
        """Tell how long it took to do what comes after the last step, so that it is kept free."""
        self._ending = max(self._ending, SLACK * seconds)

    def allows(self, step: float, *, until: float = 1.0) -> bool:
        """Whether a step of so many seconds ends in time.

        Args:
            step: what it is expected to take.
            until: share of the limit at which it must be over.
        """
        return self.elapsed + SLACK * step <= min(until * self.seconds, self.seconds - self._ending)
