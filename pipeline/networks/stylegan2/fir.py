"""Finite impulse response filters: their taps, their one-dimensional parts, how they are padded."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

Taps = Sequence[float] | Sequence[Sequence[float]]
Padding = tuple[int, int]
BINOMIAL = (1.0, 3.0, 3.0, 1.0)


@dataclass(frozen=True)
class Fir:
    """A filter with taps that sum to one, applied as a true convolution (flipped against correlation).

    Args:
        taps: rows of taps, all rows of one length.
    """

    taps: tuple[tuple[float, ...], ...]

    @classmethod
    def of(cls, taps: Taps) -> Self:
        """Normalise ``taps``; a one-dimensional filter is applied along both axes.

        Raises:
            ValueError: not one or two dimensions, or a sum of zero.
        """
        array = np.asarray(taps, np.float64)
        array = np.outer(array, array) if array.ndim == 1 else array
        if array.ndim != 2 or not array.size or not array.sum():
            raise ValueError(f"a filter has one or two dimensions and a sum other than zero, not {taps}")
        return cls(tuple(tuple(row) for row in (array / array.sum()).tolist()))

    @cached_property
    def array(self) -> np.ndarray:
        """float64 (height, width)."""
        return np.asarray(self.taps, np.float64)

    @cached_property
    def separable(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Pairs (column, row) whose outer products sum to the filter; one pair if it is separable."""
        left, sizes, right = np.linalg.svd(self.array, full_matrices=False)
        # float32 has 24 bits: what is smaller than that against the largest is rounding, not filter.
        kept = sizes > 2.0**-24 * sizes[0]
        roots = np.sqrt(sizes[kept])
        return list(zip((left[:, kept] * roots).T, (right[kept].T * roots).T, strict=True))


# Zeros before and after each axis, by the number of taps along it: as in the published implementation, so
# that the filter's centre stays where it was. A negative number takes samples away.


def padding_up(taps: int) -> Padding:
    """Doubling: zero insertion, then this padding, gives exactly twice the samples."""
    return (taps + 1) // 2, (taps - 2) // 2


def padding_down(taps: int) -> Padding:
    """Halving: this padding, then every second sample, gives exactly half of an even number of samples."""
    return (taps - 1) // 2, (taps - 2) // 2


def padding_same(taps: int) -> Padding:
    """Filtering alone: as many samples as before."""
    return taps // 2, (taps - 1) // 2


def padding_after_transposed(taps: int, width: int) -> Padding:
    """After a stride-2 transposed convolution of odd ``width``, unpadded (2n + width - 2 samples): 2n."""
    before, after = padding_up(taps)
    return before + width // 2 - (width - 1), after + width // 2 - (width - 2)


def padding_before_strided(taps: int, width: int) -> Padding:
    """Before a stride-2 convolution of odd ``width`` without padding: half of an even number of samples."""
    before, after = padding_down(taps)
    return before + width // 2, after + width // 2
