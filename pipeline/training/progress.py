"""The line on standard error that says how far a run is, how fast, and how long it has to go."""

import time
from datetime import timedelta

from tqdm import tqdm


class Progress:
    """Counts up to an end by number or by time, whichever comes first.

    Args:
        end: of the whole run, in ``unit``.
        done: of them before.
        hours: time from now on, or None.
        unit: what is counted.

    Attributes:
        figures: shown beside the rate.
    """

    def __init__(self, end: int, done: int, hours: float | None = None, *, unit: str = "images") -> None:
        self.end, self.hours, self.unit, self.figures = end, hours, unit, ""
        self._done, self._started = done, time.monotonic()
        self._bar = tqdm(
            total=end,
            initial=done,
            unit_scale=True,
            mininterval=5,
            smoothing=0.05,
            bar_format=f"{{n_fmt}}/{{total_fmt}} {unit} [{{elapsed}}{{postfix}}]",
        )

    @property
    def time_is_up(self) -> bool:
        """Whether the hours have passed."""
        return self.hours is not None and time.monotonic() - self._started > self.hours * 3600

    def left(self, rate: float | None) -> float | None:
        """Seconds to the end at this rate a second; None if nothing is known yet."""
        ends = []
        if rate:
            ends.append((self.end - self._done) / rate)
        if self.hours is not None:
            ends.append(self.hours * 3600 - (time.monotonic() - self._started))
        return max(0.0, min(ends)) if ends else None

    def advance(self, count: int) -> None:
        """Count so many more."""
        self._done += count
        rate: float | None = self._bar.format_dict["rate"]
        left = self.left(rate)
        parts = [
            "" if rate is None else f"{rate:.1f} {self.unit}/s",
            "" if left is None else f"{timedelta(seconds=round(left))} left",
            self.figures,
        ]
        self._bar.total = self.end
        self._bar.set_postfix_str(", ".join(part for part in parts if part), refresh=False)
        self._bar.update(count)

    def close(self) -> None:
        """Leave the line as it is."""
        self._bar.close()
