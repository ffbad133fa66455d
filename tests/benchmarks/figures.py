"""What was measured beside what is promised: printed, and kept as a line of ``build/benchmarks.jsonl``.

Each line holds date, machine, figure, its median (``value``), least and largest, unit, what is promised and
whether that was reached. Times and sizes depend on the machine and are recorded; a ratio does not, and a
benchmark fails where a promised one is not reached.
"""

import json
import math
import os
import platform
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

RECORD: Final = Path(__file__).parents[2] / "build" / "benchmarks.jsonl"
RATIO: Final = "times"
missed: Final[list[str]] = []


@dataclass(frozen=True)
class Promise:
    """The range in which a figure shall lie."""

    least: float = -math.inf
    most: float = math.inf

    def __str__(self) -> str:
        if self.most == math.inf:
            return f">= {self.least:g}"
        return f"<= {self.most:g}" if self.least == -math.inf else f"{self.least:g} to {self.most:g}"

    def kept_by(self, value: float) -> bool:
        """Whether ``value`` lies in the range."""
        return self.least <= value <= self.most


def at_least(value: float) -> Promise:
    """``value`` or more."""
    return Promise(least=value)


def at_most(value: float) -> Promise:
    """``value`` or less."""
    return Promise(most=value)


def machine() -> str:
    """The processor's name and how many of its cores this process may use."""
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return f"{found[1] if found else platform.machine()}, {len(os.sched_getaffinity(0))} cores"


def show(
    figure: str, values: Sequence[float], *, unit: str, promised: Promise | None = None, on: str = ""
) -> float:
    """Print and keep what ``values`` are; returns their median.

    Args:
        figure: what was measured.
        values: one measurement or several.
        unit: of the values; ``RATIO`` for one that does not depend on the machine.
        promised: the range for the median.
        on: the machine, if it is not this one's processor.
    """
    median = statistics.median(values)
    reached = None if promised is None else promised.kept_by(median)
    line = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": on or machine(),
        "figure": figure.strip(),
        "value": median,
        "least": min(values),
        "largest": max(values),
        "unit": unit,
        "promised": None if promised is None else str(promised),
        "reached": reached,
    }
    RECORD.parent.mkdir(exist_ok=True)
    with RECORD.open("a") as record:
        record.write(json.dumps(line) + "\n")
    words = "-" if promised is None else f"{promised}{'' if reached else ', not reached'}"
    print(  # noqa: T201 (a benchmark is read by people)
        f"{figure:58} {min(values):9.3f} {median:9.3f} {max(values):9.3f} {unit:6} (promised: {words})"
    )
    if reached is False and unit == RATIO:
        missed.append(f"{figure.strip()}: {median:.3f}, promised {promised}")
    return median
