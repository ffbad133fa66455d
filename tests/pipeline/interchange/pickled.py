"""Writes pickles as the published implementations do, without having them: names of globals are just text."""

import io
import pickle
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Global:
    """A global by name; whether it exists matters to nobody here."""

    module: str
    name: str


@dataclass(frozen=True)
class Call:
    """``function(*arguments)``, to be made by whoever reads it; then ``state`` is set."""

    function: Any
    arguments: tuple[Any, ...] = ()
    state: Any = None


@dataclass(frozen=True)
class New:
    """An object of a class, with its state, or as a dictionary with its items."""

    kind: Global
    state: Any = None
    items: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Persistent:
    """Something outside the file, by its identifier."""

    identifier: Any


# Python's pickler written in Python; the types know only the one in C.
Pickler: Any = vars(pickle)["_Pickler"]


class Writer(Pickler):  # type: ignore[misc]
    """A pickler that knows the four."""

    def save(self, obj: Any, save_persistent_id: bool = True) -> None:
        """Write one object."""
        match obj:
            case Global(module, name):
                self.save(module)
                self.save(name)
                self.write(pickle.STACK_GLOBAL)
            case Call(function, arguments, state):
                self.save(function)
                self.save(arguments)
                self.write(pickle.REDUCE)
                self.set_state(state)
            case New(kind, state, items):
                self.save(kind)
                self.save(())
                self.write(pickle.NEWOBJ)
                self._batch_setitems(items.items())
                self.set_state(state)
            case Persistent(identifier):
                self.save(identifier)
                self.write(pickle.BINPERSID)
            case _:
                super().save(obj, save_persistent_id)

    def set_state(self, state: Any) -> None:
        """Write a state, if there is one."""
        if state is not None:
            self.save(state)
            self.write(pickle.BUILD)


def pickled(value: Any, protocol: int = 4) -> bytes:
    """The pickle of a value."""
    stream = io.BytesIO()
    Writer(stream, protocol).dump(value)
    return stream.getvalue()


def operations(value: Any) -> bytes:
    """Operations that make a value, for a pickle put together by hand: without frames and memo."""
    stream = io.BytesIO()
    writer = Writer(stream, 3)
    writer.fast = True
    writer.dump(value)
    return stream.getvalue()[2:-1]


def old_global(module: str, name: str) -> bytes:
    """A global as older protocols write it."""
    return pickle.GLOBAL + f"{module}\n{name}\n".encode()


STORAGES = {"float32": "Float", "float16": "Half", "float64": "Double", "int64": "Long"}
ORDERED = Global("collections", "OrderedDict")


def storage_stream(values: np.ndarray, *, count: int | None = None, said: int | None = None) -> bytes:
    """What ``torch.save`` writes for a storage; ``count`` and ``said`` to tell a lie about its length."""
    kind = f"{STORAGES[str(values.dtype)]}Storage"
    count = values.size if count is None else count
    # Protocol 2, and a global in its older form.
    description = io.BytesIO()
    writer = Writer(description, 2)
    writer.dump(("storage", "TAG", "7", "cpu", count, None))
    tag = description.getvalue().replace(b"X\x03\x00\x00\x00TAG", old_global("torch", kind))
    head = [0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}]
    stream = b"".join(pickle.dumps(value, 2) for value in head)
    stream += tag[:-1] + pickle.BINPERSID + pickle.STOP + pickle.dumps(["7"], 2)
    return stream + (count if said is None else said).to_bytes(8, "little", signed=True) + values.tobytes()


def tensor(array: np.ndarray, *, channels_last: bool = False) -> Call:
    """A tensor; its values may lie with the channels last, as PyTorch's memory format does."""
    array = np.asarray(array)
    if channels_last and array.ndim == 4:
        held = np.ascontiguousarray(array.transpose(0, 2, 3, 1))
        view = held.transpose(0, 3, 1, 2)
    else:
        held = view = np.ascontiguousarray(array).reshape(array.shape)
    strides = tuple(step // array.itemsize for step in view.strides)
    return rebuilt(storage_stream(held.ravel()), 0, array.shape, strides)


def rebuilt(storage: bytes, offset: int, shape: Any, strides: Any) -> Call:
    """A tensor from its parts, which need not fit."""
    held = Call(Global("torch.storage", "_load_from_bytes"), (storage,))
    arguments = (held, offset, shape, strides, False, Call(ORDERED))
    return Call(Global("torch._utils", "_rebuild_tensor_v2"), arguments)


def parameter(value: Call) -> Call:
    """A tensor as a trainable parameter."""
    return Call(Global("torch._utils", "_rebuild_parameter"), (value, True, Call(ORDERED)))


def module(kind: str, facts: dict[str, Any], tensors: dict[str, Any], parts: dict[str, Any]) -> Call:
    """A module; its source, were it run, would end the process."""
    state = {
        "training": False,
        "_parameters": {name: parameter(value) for name, value in tensors.items()},
        "_buffers": {},
        "_non_persistent_buffers_set": set(),
        "_forward_hooks": Call(ORDERED),
        "_modules": parts,
        **facts,
    }
    source = "import os; os._exit(99)"
    meta = {"type": "class", "version": 6, "module_src": source, "class_name": kind, "state": state}
    return Call(Global("torch_utils.persistence", "_reconstruct_persistent_obj"), (meta,))


def opcodes(parts: Iterable[bytes]) -> bytes:
    """A pickle put together by hand."""
    return b"\x80\x04" + b"".join(parts)
