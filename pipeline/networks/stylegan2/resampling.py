"""Resampling by two through a FIR filter: zero insertion, padding, filter, decimation, as one linear map.

Conventions: Karras et al. 2020, official implementation; filters sum to one, and a gain of two per axis keeps
the mean when zeros are inserted. The map is written in two ways, and each backend takes the one that is
faster there on a CPU: as a depthwise convolution (with TensorFlow two to four times as fast as products), and
as products of both axes with banded matrices (with JAX three to ten times as fast as depthwise convolutions).
Both can be differentiated to any order.
"""

from functools import cache
from typing import Any

import keras
import numpy as np
from keras import ops

from pipeline.networks.stylegan2 import fir as rules
from pipeline.networks.stylegan2.config import DataFormat
from pipeline.networks.stylegan2.fir import Fir, Padding

Tensor = Any
DEFAULT = Fir.of(rules.BINOMIAL)


@cache
def resampling_matrix(
    size: int, taps: tuple[float, ...], *, up: int = 1, down: int = 1, pad: Padding
) -> np.ndarray:
    """Matrix of: insert ``up`` - 1 zeros after each sample, pad, filter, keep every ``down``-th.

    Args:
        size: samples going in.
        taps: the filter; applied as a true convolution (flipped against correlation).
        up, down: integer factors.
        pad: zeros before and after; a negative number takes samples away.

    Returns:
        float32 (samples going out, ``size``).
    """
    kernel = taps[::-1]
    outputs = range(0, size * up + sum(pad) - len(kernel) + 1, down)
    matrix = np.zeros((len(outputs), size), np.float64)
    for row, start in enumerate(outputs):
        for offset, weight in enumerate(kernel):
            source = start + offset - pad[0]
            if 0 <= source < size * up and source % up == 0:
                matrix[row, source // up] += weight
    return matrix.astype(np.float32)


def by_matrices(
    x: Tensor,
    fir: Fir,
    data_format: DataFormat,
    *,
    up: int = 1,
    down: int = 1,
    pad: tuple[Padding, Padding],
    gain: float = 1.0,
) -> Tensor:
    """Multiply both axes by banded matrices, once for each separable part of the filter."""
    height, width, _ = _sizes(x, data_format)
    results = []
    for column, row in fir.separable:
        rows = resampling_matrix(height, tuple(gain * column), up=up, down=down, pad=pad[0])
        columns = resampling_matrix(width, tuple(row), up=up, down=down, pad=pad[1])
        results.append(_along_both_axes(x, rows, columns, data_format))
    return sum(results[1:], start=results[0])


def _along_both_axes(x: Tensor, rows: np.ndarray, columns: np.ndarray, data_format: DataFormat) -> Tensor:
    left, right = (ops.cast(ops.convert_to_tensor(m), x.dtype) for m in (rows, columns))
    if data_format == "channels_first":
        return ops.matmul(ops.matmul(left, x), ops.transpose(right))
    _, height, width, channels = x.shape
    x = ops.matmul(left, ops.reshape(x, (-1, height, width * channels)))
    x = ops.matmul(right, ops.reshape(x, (-1, width, channels)))
    return ops.reshape(x, (-1, len(rows), len(columns), channels))


def by_convolution(
    x: Tensor,
    fir: Fir,
    data_format: DataFormat,
    *,
    up: int = 1,
    down: int = 1,
    pad: tuple[Padding, Padding],
    gain: float = 1.0,
) -> Tensor:
    """Insert zeros, pad, and convolve each map with the filter."""
    _, _, channels = _sizes(x, data_format)
    x = _padded(_zeros_inserted(x, up, data_format), pad, data_format)
    kernel = np.repeat(gain * fir.array[::-1, ::-1, None, None], channels, axis=2)
    kernel = ops.cast(ops.convert_to_tensor(kernel.astype(np.float32)), x.dtype)
    return ops.depthwise_conv(x, kernel, strides=down, padding="valid", data_format=data_format)


def _sizes(x: Tensor, data_format: DataFormat) -> tuple[int, int, int]:
    """Height, width, channels of a batch of maps."""
    _, *sizes = x.shape
    height, width, channels = sizes if data_format == "channels_last" else (*sizes[1:], sizes[0])
    return int(height), int(width), int(channels)


def _zeros_inserted(x: Tensor, up: int, data_format: DataFormat) -> Tensor:
    if up == 1:
        return x
    height, width, channels = _sizes(x, data_format)
    zeros = (0, up - 1)
    if data_format == "channels_last":
        x = ops.reshape(x, (-1, height, 1, width, 1, channels))
        x = ops.pad(x, ((0, 0), (0, 0), zeros, (0, 0), zeros, (0, 0)))
        return ops.reshape(x, (-1, height * up, width * up, channels))
    x = ops.reshape(x, (-1, channels, height, 1, width, 1))
    x = ops.pad(x, ((0, 0), (0, 0), (0, 0), zeros, (0, 0), zeros))
    return ops.reshape(x, (-1, channels, height * up, width * up))


def _padded(x: Tensor, pad: tuple[Padding, Padding], data_format: DataFormat) -> Tensor:
    height, width, _ = _sizes(x, data_format)
    taken = tuple(
        slice(max(0, -before), size - max(0, -after))
        for size, (before, after) in zip((height, width), pad, strict=True)
    )
    added = tuple((max(0, before), max(0, after)) for before, after in pad)
    none, whole = (0, 0), slice(None)
    if data_format == "channels_last":
        cut, around = (whole, *taken, whole), (none, *added, none)
    else:
        cut, around = (whole, whole, *taken), (none, none, *added)
    x = x if min(min(p) for p in pad) >= 0 else x[cut]
    return ops.pad(x, around)


def resampled(x: Tensor, fir: Fir, data_format: DataFormat, *, down: int = 1, **how: Any) -> Tensor:
    """Resample in the way that is faster here; arguments as for either way."""
    # TensorFlow's derivative of depthwise convolutions with strides takes five times as long as products in
    # anything but float32.
    slow = down > 1 and keras.backend.standardize_dtype(x.dtype) != "float32"
    way = by_convolution if keras.backend.backend() == "tensorflow" and not slow else by_matrices
    return way(x, fir, data_format, down=down, **how)


def upsample(x: Tensor, data_format: DataFormat, fir: Fir = DEFAULT) -> Tensor:
    """Twice the height and width of ``x`` (batch, height, width, channels), or channels first."""
    height, width = fir.array.shape
    pad = rules.padding_up(height), rules.padding_up(width)
    return resampled(x, fir, data_format, up=2, pad=pad, gain=4.0)


def downsample(x: Tensor, data_format: DataFormat, fir: Fir = DEFAULT) -> Tensor:
    """Half the height and width, both even."""
    height, width = fir.array.shape
    return resampled(x, fir, data_format, down=2, pad=(rules.padding_down(height), rules.padding_down(width)))


def smooth(x: Tensor, data_format: DataFormat, fir: Fir = DEFAULT) -> Tensor:
    """The filter alone, same height and width."""
    height, width = fir.array.shape
    return resampled(x, fir, data_format, pad=(rules.padding_same(height), rules.padding_same(width)))


def smooth_after_up(x: Tensor, data_format: DataFormat, fir: Fir = DEFAULT, *, width: int = 3) -> Tensor:
    """Filter what a stride-2 transposed convolution of ``width`` made of n samples to 2n, gain 2 per axis."""
    pad = tuple(rules.padding_after_transposed(taps, width) for taps in fir.array.shape)
    return resampled(x, fir, data_format, pad=pad, gain=4.0)


def smooth_before_down(x: Tensor, data_format: DataFormat, fir: Fir = DEFAULT, *, width: int = 3) -> Tensor:
    """Filter n samples so that a stride-2 convolution of ``width`` without padding makes n/2 of them."""
    pad = tuple(rules.padding_before_strided(taps, width) for taps in fir.array.shape)
    return resampled(x, fir, data_format, pad=pad)
