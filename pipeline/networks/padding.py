"""A batch filled up to its size."""

import numpy as np


def padded(values: np.ndarray, size: int) -> np.ndarray:
    """The rows (up to ``size``), the last one repeated up to ``size``; zeros if there is none."""
    missing = size - len(values)
    if not len(values):
        return np.zeros((size, *values.shape[1:]), values.dtype)
    return values if missing == 0 else np.concatenate([values, np.repeat(values[-1:], missing, axis=0)])
