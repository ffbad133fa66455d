"""Arrays of any length through a function of batches of one size."""

from collections.abc import Callable, Sequence

import numpy as np

from pipeline.networks.padding import padded


def filled(
    function: Callable[[np.ndarray], Sequence[np.ndarray]], rows: np.ndarray, size: int
) -> list[np.ndarray]:
    """What ``function`` makes of all rows, in order.

    Args:
        function: takes ``size`` rows; returns arrays with one row for each.
    """
    starts = range(0, max(len(rows), 1), size)
    parts = [function(padded(rows[start : start + size], size)) for start in starts]
    return [np.concatenate(results)[: len(rows)] for results in zip(*parts, strict=True)]
