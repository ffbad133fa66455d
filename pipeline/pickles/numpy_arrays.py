"""NumPy's arrays and numbers as they are pickled: a dtype, a shape and bytes, each of them checked.

No dtype of objects is known here, so an array is numbers and nothing else.
"""

import math
from typing import Any, Final

import numpy as np

from pipeline.pickles.unpickler import Buildable, Name, Table, Unreadable

KINDS: Final = frozenset({"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"})
MOST_AXES: Final = 8
LONGEST_AXIS: Final = 2**40


class PickledDType(Buildable):
    """A dtype: its code first, its byte order with the state."""

    __slots__ = ("dtype",)

    def __init__(self, arguments: tuple[Any, ...]) -> None:
        match arguments:
            case (str(code), bool() | int(), bool() | int()) if code in KINDS:
                self.dtype = np.dtype(code)
            case _:
                raise Unreadable("it holds an array of something other than numbers")

    def build(self, state: Any) -> None:
        match state:
            case (int(), str("<" | ">" | "|" | "=") as order, None, None, None, int(), int(), int()):
                # "=" is the order of the machine that wrote it: little-endian wherever these were trained.
                self.dtype = self.dtype.newbyteorder("<" if order in "|=" else order)
            case _:
                raise Unreadable("it holds an array of something other than numbers")


class PickledArray(Buildable):
    """An array: empty first, its shape and values with the state."""

    __slots__ = ("array",)

    def __init__(self, arguments: tuple[Any, ...]) -> None:
        if not (len(arguments) == 3 and arguments[0] == NDARRAY):
            raise Unreadable("it makes an array of a kind that is not known")
        self.array: np.ndarray = np.zeros(0, np.float32)

    def build(self, state: Any) -> None:
        match state:
            case (int(), tuple() as shape, PickledDType() as kind, bool() | int() as fortran, bytes() as raw):
                count = values_in(shape)
                if count * kind.dtype.itemsize != len(raw):
                    raise Unreadable(f"an array of shape {shape} comes with {len(raw)} bytes")
                # Where there are no values, the shape may be anything and means nothing.
                if count:
                    values = np.frombuffer(raw, kind.dtype)
                    self.array = values.reshape(shape, order="F" if fortran else "C")
            case _:
                raise Unreadable("it holds an array that is not laid out as NumPy does")


def values_in(shape: tuple[Any, ...]) -> int:
    """Values of an array of that shape; Unreadable if it is none."""
    if len(shape) > MOST_AXES or not all(type(n) is int and 0 <= n <= LONGEST_AXIS for n in shape):
        raise Unreadable("it holds an array with an impossible shape")
    return math.prod(shape)


def scalar(arguments: tuple[Any, ...]) -> float | int | bool:
    """A NumPy number as a Python one."""
    match arguments:
        case (PickledDType() as kind, bytes() as raw) if len(raw) == kind.dtype.itemsize:
            value: float | int | bool = np.frombuffer(raw, kind.dtype)[0].item()
            return value
        case _:
            raise Unreadable("it holds a number that is not laid out as NumPy does")


NDARRAY: Final = Name("numpy", "ndarray")
# NumPy 2 moved numpy.core to numpy._core.
NUMPY: Final[Table] = {
    NDARRAY: None,
    Name("numpy", "dtype"): PickledDType,
    **{Name(f"numpy.{core}.multiarray", "scalar"): scalar for core in ("core", "_core")},
    **{Name(f"numpy.{core}.multiarray", "_reconstruct"): PickledArray for core in ("core", "_core")},
}
