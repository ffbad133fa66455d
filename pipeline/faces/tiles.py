"""A side of a picture cut into pieces of few lengths, for a network that looks at it cell by cell."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# The first network of the cascade looks at squares of 12 pixels, every second pixel.
CELL: Final = 12
STRIDE: Final = 2
# OpenVINO compiles for each shape that it meets, in some 5 ms, and keeps that: after 3,000 shapes a process
# held 1.2 GB. Of pieces of these lengths there are 64 shapes, 50 MiB in all. Arithmetic on larger ones is no
# faster: 76 ns a pixel at 128 x 128, 88 at 384 x 384, on one core.
LONGEST: Final = 128
STEP: Final = 16


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a side's cells, and the pixels that they look at.

    Attributes:
        cells: from the first one to the one behind the last.
        pixels: the same of pixels; the last cell may look half a stride beyond the side's end.
        length: the pixels and what is to be added to them, a multiple of ``STEP``.
    """

    cells: slice
    pixels: slice
    length: int

    @property
    def number(self) -> int:
        """How many cells."""
        return int(self.cells.stop - self.cells.start)


def cells_of(side: int) -> int:
    """How many cells a side of at least ``CELL`` - 1 pixels has; the last may lack its last pixel."""
    return (side - CELL + 1) // STRIDE + 1


def pieces_of(side: int) -> Iterator[Piece]:
    """Cut a side of so many pixels into pieces of as many cells each, the last of fewer."""
    cells, most = cells_of(side), cells_of(LONGEST)
    each = -(-cells // -(-cells // most))
    for first in range(0, cells, each):
        last = min(first + each, cells)
        pixels = slice(first * STRIDE, min((last - 1) * STRIDE + CELL, side))
        yield Piece(slice(first, last), pixels, -(-(pixels.stop - pixels.start) // STEP) * STEP)
