"""Resampling is what its definition says, however it is computed."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.networks.stylegan2 import fir as rules
from pipeline.networks.stylegan2 import resampling
from pipeline.networks.stylegan2.config import DataFormat
from pipeline.networks.stylegan2.fir import Fir
from tests.pipeline.networks.published import data_formats, maps, theirs

Pads = tuple[tuple[int, int], tuple[int, int]]
WAYS = [
    pytest.param(way, order, id=f"{way.__name__}-{order}")
    for way in (resampling.by_convolution, resampling.by_matrices)
    for order in ("channels_last", "channels_first")
    if way is resampling.by_matrices or order in data_formats()
]
kernels = st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 2**31)).map(
    lambda drawn: 0.1 + np.random.default_rng(drawn[2]).uniform(size=drawn[:2])
)
pads = st.tuples(*[st.tuples(st.integers(-2, 4), st.integers(-2, 4))] * 2)
sizes = st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(9, 12), st.integers(9, 12))


def by_definition(x: np.ndarray, kernel: np.ndarray, up: int, down: int, pad: Pads) -> np.ndarray:
    """Insert zeros, pad or crop, convolve, keep every ``down``-th, in turn; channels first."""
    batch, channels, height, width = x.shape
    spread = np.zeros((batch, channels, height * up, width * up))
    spread[:, :, ::up, ::up] = x
    padded = np.pad(spread, ((0, 0), (0, 0), *(tuple(max(0, n) for n in p) for p in pad)))
    (top, bottom), (left, right) = (tuple(max(0, -n) for n in p) for p in pad)
    padded = padded[:, :, top : padded.shape[2] - bottom, left : padded.shape[3] - right]
    rows, columns = padded.shape[2] - len(kernel) + 1, padded.shape[3] - kernel.shape[1] + 1
    filtered = np.zeros((batch, channels, rows, columns))
    for i, taps in enumerate(kernel[::-1]):
        for j, tap in enumerate(taps[::-1]):
            filtered += tap * padded[:, :, i : i + rows, j : j + columns]
    return filtered[:, :, ::down, ::down]


@pytest.mark.parametrize(("way", "data_format"), WAYS)
@given(kernel=kernels, size=sizes, up=st.integers(1, 3), down=st.integers(1, 3), pad=pads)
@settings(max_examples=25, deadline=None)
def test_any_filter_any_padding_any_size(
    way: Callable[..., Any],
    data_format: DataFormat,
    kernel: np.ndarray,
    size: tuple[int, int, int, int],
    up: int,
    down: int,
    pad: Pads,
) -> None:
    x = np.random.default_rng(0).normal(size=size).astype(np.float32)
    fir = Fir.of(kernel.tolist())
    ours = way(maps(x, data_format), fir, data_format, up=up, down=down, pad=pad, gain=2.0)
    expected = 2.0 * by_definition(x, kernel / kernel.sum(), up, down, pad)
    np.testing.assert_allclose(theirs(ours, data_format), expected, atol=2e-6)


@given(kernel=kernels)
def test_the_separable_parts_of_a_filter_sum_to_it(kernel: np.ndarray) -> None:
    fir = Fir.of(kernel.tolist())
    parts = sum(np.outer(column, row) for column, row in fir.separable)
    np.testing.assert_allclose(parts, kernel / kernel.sum(), atol=1e-7)
    assert len(fir.separable) <= min(kernel.shape)


def test_a_filter_along_one_axis_is_one_separable_part() -> None:
    assert len(Fir.of([1, 3, 3, 1]).separable) == 1


@pytest.mark.parametrize("taps", [[], [1.0, -1.0], [[[1.0]]]])
def test_what_cannot_be_a_filter_is_refused(taps: Any) -> None:
    with pytest.raises(ValueError, match="filter"):
        Fir.of(taps)


@given(taps=st.integers(1, 8), size=st.integers(4, 40).map(lambda half: 2 * half))
def test_the_paddings_keep_double_and_halve_the_size(taps: int, size: int) -> None:
    def left_after(pad: rules.Padding, inserted: int) -> int:
        return inserted + sum(pad) - taps + 1

    assert left_after(rules.padding_same(taps), size) == size
    assert left_after(rules.padding_up(taps), 2 * size) == 2 * size
    assert (left_after(rules.padding_down(taps), size) + 1) // 2 == size // 2
    for width in (1, 3):
        transposed = 2 * (size - 1) + width
        assert left_after(rules.padding_after_transposed(taps, width), transposed) == 2 * size
        strided = (left_after(rules.padding_before_strided(taps, width), size) - width) // 2 + 1
        assert strided == size // 2


def test_a_flat_image_stays_flat_inside_when_resampled() -> None:
    flat = np.ones((1, 16, 16, 1), np.float32)
    doubled = np.asarray(resampling.upsample(flat, "channels_last"))
    halved = np.asarray(resampling.downsample(flat, "channels_last"))
    assert doubled.shape == (1, 32, 32, 1)
    assert halved.shape == (1, 8, 8, 1)
    np.testing.assert_allclose(doubled[:, 2:-2, 2:-2], 1.0, atol=1e-6)
    np.testing.assert_allclose(halved[:, 1:-1, 1:-1], 1.0, atol=1e-6)
