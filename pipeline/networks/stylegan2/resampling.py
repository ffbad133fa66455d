"""Resampling by two through the [1, 3, 3, 1] filter, as products with banded matrices.

A separable finite impulse response filter with zero padding is a linear map of each image axis; written as
a matrix, the borders, the zero insertion and the decimation are all in the matrix, and its derivative of any
order is another product. Conventions: Karras et al. 2020, official implementation; filters sum to one, and a
gain of two per axis keeps the mean when zeros are inserted.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from keras import ops

from pipeline.networks.stylegan2.config import DataFormat

Tensor = Any
FILTER = (1.0, 3.0, 3.0, 1.0)


@cache
def resampling_matrix(
    size: int,
    *,
    up: int = 1,
    down: int = 1,
    pad: tuple[int, int],
    gain: float = 1.0,
    taps: Sequence[float] = FILTER,
) -> np.ndarray:
    """Matrix of: insert ``up`` - 1 zeros after each sample, pad, filter, keep every ``down``-th.

    Args:
        size: samples going in.
        up, down: integer factors.
        pad: zeros before and after.
        gain: factor on the filter, which is first normalised to sum one.
        taps: the filter; applied as a true convolution (flipped against correlation).

    Returns:
        float32 (samples going out, ``size``).
    """
    kernel = np.asarray(taps, np.float64)[::-1] / np.sum(taps) * gain
    padded = size * up + sum(pad)
    outputs = range(0, padded - len(kernel) + 1, down)
    matrix = np.zeros((len(outputs), size), np.float64)
    for row, start in enumerate(outputs):
        for offset, weight in enumerate(kernel):
            source = start + offset - pad[0]
            if 0 <= source < size * up and source % up == 0:
                matrix[row, source // up] += weight
    return matrix.astype(np.float32)


def along_both_axes(x: Tensor, matrix: np.ndarray, data_format: DataFormat) -> Tensor:
    """Multiply both spatial axes of ``x`` (batch, side, side, channels), or channels first, by ``matrix``."""
    weights = ops.cast(ops.convert_to_tensor(matrix), x.dtype)
    rows, columns = matrix.shape
    if data_format == "channels_first":
        return ops.matmul(ops.matmul(weights, x), ops.transpose(weights))
    channels = x.shape[-1]
    x = ops.matmul(weights, ops.reshape(x, (-1, columns, columns * channels)))
    x = ops.matmul(weights, ops.reshape(x, (-1, columns, channels)))
    return ops.reshape(x, (-1, rows, rows, channels))


def side_of(x: Tensor, data_format: DataFormat) -> int:
    """Height (= width) of a batch of square maps."""
    return int(x.shape[1 if data_format == "channels_last" else 2])


def upsample(x: Tensor, data_format: DataFormat) -> Tensor:
    """Twice the side: zero insertion, padding (2, 1), filter with gain 2 per axis."""
    return along_both_axes(
        x, resampling_matrix(side_of(x, data_format), up=2, pad=(2, 1), gain=2.0), data_format
    )


def downsample(x: Tensor, data_format: DataFormat) -> Tensor:
    """Half the side: padding (1, 1), filter, every second sample."""
    return along_both_axes(x, resampling_matrix(side_of(x, data_format), down=2, pad=(1, 1)), data_format)


def smooth_after_up(x: Tensor, data_format: DataFormat) -> Tensor:
    """Filter the 2n+1 samples of a transposed stride-2 convolution to 2n, gain 2 per axis."""
    return along_both_axes(x, resampling_matrix(side_of(x, data_format), pad=(1, 1), gain=2.0), data_format)


def smooth_before_down(x: Tensor, data_format: DataFormat) -> Tensor:
    """Filter n samples to n+1, ready for a stride-2 convolution of width 3 without padding."""
    return along_both_axes(x, resampling_matrix(side_of(x, data_format), pad=(2, 2)), data_format)
