"""Batches of one size, so that a network is compiled once and no result depends on how many share a batch."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from pipeline.networks.padding import padded


def in_batches(function: Callable[[np.ndarray], Any], rows: np.ndarray, size: int) -> Any:
    """What ``function`` of batches makes of all rows, in order.

    Args:
        function: takes ``size`` rows; returns a tensor, or several in a dictionary, with one row for each.
    """
    results = []
    for start in range(0, max(len(rows), 1), size):
        result = function(padded(rows[start : start + size], size))
        results.append(keras.tree.map_structure(ops.convert_to_numpy, result))
    return keras.tree.map_structure(lambda *parts: np.concatenate(parts)[: len(rows)], *results)
