"""PyTorch's tensors as they are pickled: a storage (bytes in a stream of their own) and a view of it.

A storage is written by ``torch.save`` in its older format: five pickles (a magic number, a version, facts on
the machine, the storage's description as a persistent identifier, its key) and the raw values. Each of the
pickles is read with the same restricted machine as the one around them.
"""

import io
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import numpy as np

from pipeline.pickles.numpy_arrays import LONGEST_AXIS, values_in
from pipeline.pickles.unpickler import Name, Table, Unreadable, unpickled

MAGIC: Final = 0x1950A86A20F9469CFC6C
PROTOCOL: Final = 1001
# What comes before the values takes some 250 bytes.
LONGEST_HEAD: Final = 4096
DTYPES: Final = {
    Name("torch", f"{kind}Storage"): np.dtype(code)
    for kind, code in {
        "Half": "<f2",
        "Float": "<f4",
        "Double": "<f8",
        "Char": "<i1",
        "Byte": "<u1",
        "Short": "<i2",
        "Int": "<i4",
        "Long": "<i8",
        "Bool": "?",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Storage:
    """Values (n,) that tensors are views of, read-only."""

    values: np.ndarray


@dataclass(frozen=True, slots=True)
class Described:
    """What a storage's stream says of it before its values come."""

    dtype: np.dtype[Any]
    key: str
    count: int


def described(identifier: tuple[Any, ...]) -> Described:
    """The persistent identifier in a storage's stream."""
    match identifier:
        case ("storage", Name() as kind, str(key), str(), int(count), None) if kind in DTYPES:
            if not 0 <= count <= LONGEST_AXIS:
                raise Unreadable("it holds a tensor's storage of an impossible size")
            return Described(DTYPES[kind], key, count)
        case _:
            raise Unreadable("it holds a tensor's storage that is not laid out as PyTorch does")


def read_head(stream: BinaryIO, *, otherwise: str) -> None:
    """Read what ``torch.save`` puts first; Unreadable with ``otherwise``, or of a big-endian machine."""
    if (unpickled(stream, {}), unpickled(stream, {})) != (MAGIC, PROTOCOL):
        raise Unreadable(otherwise)
    machine = unpickled(stream, {})
    if not (isinstance(machine, dict) and machine.get("little_endian") is True):
        raise Unreadable("its tensors were written on a big-endian machine")


def storage_from_bytes(arguments: tuple[Any, ...]) -> Storage:
    """The storage in the bytes that ``torch.save`` wrote for it."""
    match arguments:
        case (bytes() as data,):
            pass
        case _:
            raise Unreadable("it holds a tensor's storage without bytes")
    if data.startswith(b"PK"):
        raise Unreadable(
            "it holds a tensor's storage as a zip archive, which no known PyTorch writes in a pickle"
        )
    stream = io.BytesIO(data[:LONGEST_HEAD])
    read_head(stream, otherwise="it holds a tensor's storage of an unknown format")
    one = unpickled(stream, dict.fromkeys(DTYPES), described)
    if not isinstance(one, Described) or unpickled(stream, {}) != [one.key]:
        raise Unreadable("it holds a tensor's storage that is not laid out as PyTorch does")
    # The number of values stands once more before them.
    count = int.from_bytes(stream.read(8), "little", signed=True)
    start = stream.tell()
    if count != one.count or len(data) - start != count * one.dtype.itemsize:
        raise Unreadable(f"a tensor's storage says {one.count} values and has {len(data) - start} bytes")
    return Storage(np.frombuffer(data, one.dtype, count, start) if count else np.zeros(0, one.dtype))


def tensor(arguments: tuple[Any, ...]) -> np.ndarray:
    """A view of a storage, in whatever order its strides give, read-only; it may not reach beyond it."""
    match arguments:
        case (Storage(values), int(offset), tuple(shape), tuple(strides), bool(), dict(), *_):
            pass
        case _:
            raise Unreadable("it holds a tensor that is not laid out as PyTorch does")
    count = values_in(shape)
    fitting = len(strides) == len(shape)
    if not fitting or not all(type(n) is int and 0 <= n <= LONGEST_AXIS for n in (offset, *strides)):
        raise Unreadable("it holds a tensor with impossible strides")
    last = offset + sum((n - 1) * step for n, step in zip(shape, strides, strict=True))
    if count and (last >= len(values) or count > len(values)):
        raise Unreadable(f"a tensor of shape {shape} reaches beyond its storage of {len(values)} values")
    if not count:
        return np.zeros(0, values.dtype)
    size = values.dtype.itemsize
    return np.ndarray(shape, values.dtype, values, offset * size, tuple(step * size for step in strides))


def parameter(arguments: tuple[Any, ...]) -> np.ndarray:
    """A trainable tensor: here a tensor like any other."""
    match arguments:
        case (np.ndarray() as array, bool(), dict()):
            return array
        case _:
            raise Unreadable("it holds a parameter that is not laid out as PyTorch does")


TORCH: Final[Table] = {
    Name("torch.storage", "_load_from_bytes"): storage_from_bytes,
    Name("torch._utils", "_rebuild_tensor_v2"): tensor,
    Name("torch._utils", "_rebuild_parameter"): parameter,
}
