"""Two works measured beside each other: by turns, so that a slow minute of the machine meets both.

Both must find the processor free all the same: what shares it slows one that waits for the slowest of its
threads more than one that hands out work in small pieces.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Work = Callable[[], Any]


@dataclass(frozen=True)
class Turns:
    """Seconds that two works took, in the order in which they were measured.

    Args:
        ours, theirs: as many of each.
    """

    ours: list[float]
    theirs: list[float]

    @property
    def medians(self) -> tuple[float, float]:
        """Seconds of a call: (ours, theirs)."""
        return statistics.median(self.ours), statistics.median(self.theirs)

    @property
    def ratio(self) -> float:
        """How many times as fast ours is: the ratio of the medians."""
        ours, theirs = self.medians
        return theirs / ours


def in_turns(ours: Work, theirs: Work, *, repeats: int) -> Turns:
    """Call ``ours``, ``theirs``, ``ours``, … ``repeats`` times each, after once before the clock starts.

    Args:
        ours, theirs: return when their results are there, not before.
    """
    works = (ours, theirs)
    for work in works:
        work()
    measured: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for work, seconds in zip(works, measured, strict=True):
            started = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - started)
    return Turns(*measured)
