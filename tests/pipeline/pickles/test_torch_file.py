"""A file of PyTorch's tensors is read without running anything of it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.pickles.torch_file import read_torch_file
from pipeline.pickles.torch_tensors import MAGIC, PROTOCOL
from pipeline.pickles.unpickler import Unreadable
from tests.pipeline.interchange.pickled import Call, Global, Persistent, pickled

ORDERED = Global("collections", "OrderedDict")
REBUILD = Global("torch._utils", "_rebuild_tensor_v2")
MACHINE = {"protocol_version": PROTOCOL, "little_endian": True}
VALUES = np.arange(12, dtype=np.float32)


def storage(key: str, count: int, kind: str = "FloatStorage") -> Persistent:
    """What stands for a storage in the pickle of the tensors."""
    return Persistent(("storage", Global("torch", kind), key, "cpu", count, None))


def tensor(key: str, shape: tuple[int, ...], strides: tuple[int, ...], *, count: int = 12) -> Call:
    """A view of a storage."""
    return Call(REBUILD, (storage(key, count), 0, shape, strides, False, Call(ORDERED)))


def file_of(tensors: Any, storages: dict[str, np.ndarray], **changes: Any) -> bytes:
    """A file as ``torch.save`` wrote it before PyTorch 1.6."""
    head = [MAGIC, PROTOCOL, MACHINE, tensors, list(storages)]
    for place, value in changes.items():
        head[int(place.removeprefix("part"))] = value
    data = b"".join(pickled(part) for part in head)
    for values in storages.values():
        data += len(values).to_bytes(8, "little") + values.tobytes()
    return data


def read(path: Path, data: bytes) -> dict[str, np.ndarray]:
    """Write a file and read it."""
    path.write_bytes(data)
    return read_torch_file(path)


def test_tensors_come_back_by_name_in_their_shape_and_order(tmp_path: Path) -> None:
    count = Call(REBUILD, (storage("1", 1, "LongStorage"), 0, (), (), False, Call(ORDERED)))
    tensors = {"a": tensor("0", (3, 4), (4, 1)), "transposed": tensor("0", (4, 3), (1, 4)), "count": count}
    found = read(tmp_path / "x.pth", file_of(tensors, {"0": VALUES, "1": np.array([7], np.int64)}))
    np.testing.assert_array_equal(found["a"], VALUES.reshape(3, 4))
    np.testing.assert_array_equal(found["transposed"], VALUES.reshape(3, 4).T)
    assert found["count"] == 7


def test_notes_on_versions_are_passed_over(tmp_path: Path) -> None:
    noted = Call(ORDERED, (), {"_metadata": {"": {"version": 1}}})
    assert read(tmp_path / "x.pth", file_of(noted, {})) == {}


ONE = {"a": tensor("0", (12,), (1,))}
GOOD = file_of(ONE, {"0": VALUES})
REFUSED = {
    "nothing": (b"", "no file of torch.save"),
    "newer format": (b"PK\x03\x04", "zip archive"),
    "another pickle": (pickled("x") + pickled(1), "none of torch.save"),
    "big-endian": (file_of(ONE, {"0": VALUES}, part2={"little_endian": False}), "big-endian"),
    "a call": (file_of({"a": Call(Global("os", "system"), ("true",))}, {}), "os.system"),
    "a call in the keys": (file_of(ONE, {"0": VALUES}, part4=Call(Global("os", "system"))), "os.system"),
    "no tensors": (file_of(["a"], {}), "something other than a dictionary of tensors"),
    "cut short": (GOOD[:-1], "47 bytes"),
    "something behind": (GOOD + b"x", "something follows"),
    "another storage": (file_of(ONE, {"1": VALUES}), "list of storages"),
    "reaches beyond": (file_of({"a": tensor("0", (13,), (1,))}, {"0": VALUES}), "beyond its storage"),
    "two sizes": (
        file_of({"a": tensor("0", (12,), (1,)), "b": tensor("0", (2,), (1,), count=2)}, {"0": VALUES}),
        "two things",
    ),
    "many views": (
        file_of(
            {f"a{i}": tensor("0", (1200,), (1,), count=1200) for i in range(50)}, {"0": VALUES.repeat(100)}
        ),
        "share their values",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_plain_tensors_is_refused_with_the_reason(name: str, tmp_path: Path) -> None:
    data, reason = REFUSED[name]
    with pytest.raises(Unreadable, match=reason):
        read(tmp_path / "x.pth", data)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="No such file"):
        read_torch_file(tmp_path / "x.pth")


def test_every_cut_of_a_file_is_refused(tmp_path: Path) -> None:
    for end in range(1, len(GOOD), 7):
        with pytest.raises(Unreadable):
            read(tmp_path / "x.pth", GOOD[:end])
