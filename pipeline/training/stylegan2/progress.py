"""The line on standard error that says how far a run is, how fast, and how long it has to go."""

import time
from datetime import timedelta

from tqdm import tqdm


class Progress:
    """Counts images up to an end by number or by time, whichever comes first.

    Args:
        images: images of the whole run.
        seen: images seen before.
        hours: time from now on, or None.
    """

    def __init__(self, images: int, seen: int, hours: float | None = None) -> None:
        self.hours, self._started = hours, time.monotonic()
        self._images, self._seen = images, seen
        self._bar = tqdm(
            total=images,
            initial=seen,
            unit_scale=True,
            mininterval=5,
            smoothing=0.05,
            bar_format="{n_fmt}/{total_fmt} images [{elapsed}{postfix}]",
        )

    @property
    def time_is_up(self) -> bool:
        """Whether the hours have passed."""
        return self.hours is not None and time.monotonic() - self._started > self.hours * 3600

    def left(self, images_per_second: float | None) -> float | None:
        """Seconds to the end at this rate; None if nothing is known yet."""
        ends = []
        if images_per_second:
            ends.append((self._images - self._seen) / images_per_second)
        if self.hours is not None:
            ends.append(self.hours * 3600 - (time.monotonic() - self._started))
        return max(0.0, min(ends)) if ends else None

    def advance(self, images: int, figures: str = "") -> None:
        """Count ``images`` more; ``figures`` are shown beside the rate."""
        self._seen += images
        rate: float | None = self._bar.format_dict["rate"]
        left = self.left(rate)
        said = [
            "" if rate is None else f"{rate:.1f} images/s",
            "" if left is None else f"{timedelta(seconds=round(left))} left",
            figures,
        ]
        self._bar.set_postfix_str(", ".join(part for part in said if part), refresh=False)
        self._bar.update(images)

    def close(self) -> None:
        """Leave the line as it is."""
        self._bar.close()
