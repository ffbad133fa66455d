"""A file of tensors as ``torch.save`` wrote it before PyTorch 1.6: five pickles, then the raw values.

A magic number, a version, facts on the machine, the dictionary of tensors, the keys of their storages; then
each storage's number of values and the values. Each pickle is read with the restricted machine.
"""

import io
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np

from pipeline.pickles.torch_tensors import DTYPES, TORCH, Described, Storage, described, read_head
from pipeline.pickles.unpickler import Buildable, Name, Table, Unreadable, unpickled

LARGEST_FILE: Final = 4 * 2**30


class StateDict(dict[str, Any], Buildable):
    """PyTorch's dictionary of tensors; its items follow in the pickle, then notes on versions."""

    def build(self, state: Any) -> None:
        if not isinstance(state, dict):
            raise Unreadable("it sets the state of a dictionary in an unknown way")


def state_dict(arguments: tuple[Any, ...]) -> StateDict:
    """What stands for making the dictionary."""
    if arguments:
        raise Unreadable("it makes a dictionary in an unknown way")
    return StateDict()


TABLE: Final[Table] = {
    **TORCH,
    **dict.fromkeys(DTYPES),
    Name("collections", "OrderedDict"): state_dict,
}
#: To see which storages there are, before their values are at hand: tensors are passed over.
OUTLINE: Final[Table] = {**TABLE, **dict.fromkeys(TORCH, lambda arguments: None)}


def read_torch_file(path: Path) -> dict[str, np.ndarray]:
    """The tensors of a file by name, read-only views in memory.

    Raises:
        Unreadable: it is no such file, damaged, or needs more than plain data; ``str()`` says why.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Unreadable(f"it has more than {LARGEST_FILE // 2**30} GiB")
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(error.strerror or "it cannot be read") from error
    if data.startswith(b"PK"):
        raise Unreadable("it is a zip archive, as newer versions of torch.save write; only the older is read")
    if data[:1] != b"\x80":
        raise Unreadable("it is no file of torch.save, which starts with a pickle")
    stream = io.BytesIO(data)
    read_head(stream, otherwise="it is a pickle, but none of torch.save")
    start = stream.tell()
    storages = read_storages(stream, outline(stream))
    stream.seek(start)
    tensors = unpickled(stream, TABLE, lambda identifier: storages[described(identifier).key])
    if not isinstance(tensors, dict) or not all(isinstance(t, np.ndarray) for t in tensors.values()):
        raise Unreadable("it holds something other than a dictionary of tensors")
    if sum(tensor.nbytes for tensor in tensors.values()) > len(data):
        raise Unreadable("its tensors share their values; together they are larger than the file")
    return dict(tensors)


def outline(stream: BinaryIO) -> dict[str, Described]:
    """The storages that the dictionary of tensors refers to, by key; leaves ``stream`` behind it."""
    found: dict[str, Described] = {}

    def note(identifier: tuple[Any, ...]) -> Described:
        one = described(identifier)
        if found.setdefault(one.key, one) != one:
            raise Unreadable("it says two things of one tensor's storage")
        return one

    unpickled(stream, OUTLINE, note)
    return found


def read_storages(stream: BinaryIO, expected: dict[str, Described]) -> dict[str, Storage]:
    """The values, in the order of the keys that come first; every storage expected, and no other."""
    keys = unpickled(stream, {})
    if not isinstance(keys, list) or sorted(map(str, keys)) != sorted(expected):
        raise Unreadable("its list of storages is not the one that its tensors need")
    storages = {}
    for key in keys:
        one = expected[key]
        count = int.from_bytes(stream.read(8), "little", signed=True)
        values = stream.read(one.count * one.dtype.itemsize)
        if count != one.count or len(values) != count * one.dtype.itemsize:
            raise Unreadable(f"a tensor's storage says {one.count} values and has {len(values)} bytes")
        storages[key] = Storage(np.frombuffer(values, one.dtype))
    if stream.read(1):
        raise Unreadable("something follows the tensors in the file")
    return storages
