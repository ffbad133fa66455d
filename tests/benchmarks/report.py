"""Printing what was measured beside what is promised."""

import statistics
from collections.abc import Sequence


def show(what: str, values: Sequence[float], *, unit: str, promised: str) -> float:
    """Print the least, the median and the largest of ``values``; returns the median."""
    median = statistics.median(values)
    print(  # noqa: T201 (a benchmark is read by people)
        f"{what:58} {min(values):9.3f} {median:9.3f} {max(values):9.3f} {unit:6} (promised: {promised})"
    )
    return median
