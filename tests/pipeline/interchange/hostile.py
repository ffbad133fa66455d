"""What hostile pickles try, each piece with a name: calls, operations, promises and lies about sizes."""

from typing import Any

import numpy as np

from tests.pipeline.interchange.pickled import (
    ORDERED,
    Call,
    Global,
    New,
    Persistent,
    module,
    old_global,
    rebuilt,
    storage_stream,
    tensor,
)

GETATTR = Global("builtins", "getattr")
TORCH_LOAD = Global("torch.storage", "_load_from_bytes")
DTYPE = Call(Global("numpy", "dtype"), ("f4", False, True), (3, "<", None, None, None, -1, -1, 0))
ARRAY = Call(Global("numpy._core.multiarray", "_reconstruct"), (Global("numpy", "ndarray"), (0,), b"b"))
ONES = tensor(np.ones(2, np.float32))
MODULE = module("ToRGBLayer", {}, {}, {})

# Every one of these would run something, or open the way to it, in Python's own unpickler.
CALLS: dict[str, Any] = {
    "os.system": Call(Global("os", "system"), ("touch owned",)),
    "posix.system": Call(Global("posix", "system"), ("touch owned",)),
    "nt.system": Call(Global("nt", "system"), ("touch owned",)),
    "subprocess": Call(Global("subprocess", "Popen"), (["touch", "owned"],)),
    "eval": Call(Global("builtins", "eval"), ("open('owned', 'w')",)),
    "exec": Call(Global("builtins", "exec"), ("open('owned', 'w')",)),
    "old eval": Call(Global("__builtin__", "eval"), ("open('owned', 'w')",)),
    "getattr": Call(GETATTR, (Global("os", "path"), "os")),
    "getattr chain": Call(Call(GETATTR, (Call(GETATTR, ("", "join")), "__self__")), ()),
    "import": Call(Global("builtins", "__import__"), ("antigravity",)),
    "partial": Call(Call(Global("functools", "partial"), (Global("os", "system"), "touch owned"))),
    "attrgetter": Call(Call(Global("operator", "attrgetter"), ("system",)), (Global("os", "path"),)),
    "methodcaller": Call(Global("operator", "methodcaller"), ("system", "touch owned")),
    "reconstructor": Call(Global("copyreg", "_reconstructor"), (Global("builtins", "object"), None, None)),
    "newobj": Call(Global("copyreg", "__newobj__"), (Global("types", "CodeType"),)),
    "extension": Call(Global("copyreg", "add_extension"), ("os", "system", 1)),
    "numpy load": Call(Global("numpy", "load"), ("owned.npy", None, True)),
    "numpy runstring": Call(Global("numpy.testing._private.utils", "runstring"), ("1", {})),
    "numpy f2py": Call(Global("numpy.f2py.crackfortran", "myeval"), ("1",)),
    "torch load": Call(Global("torch", "load"), ("owned",)),
    "torch hub": Call(Global("torch.hub", "load"), ("a/b", "c")),
    "dotted": Call(Global("collections", "OrderedDict.__init__.__globals__"), ()),
    "dotted table name": Call(Global("torch.storage", "_load_from_bytes.__globals__.get"), ("os",)),
    "table name called oddly": Call(Global("numpy", "ndarray"), ((3,),)),
    "calls a text": Call("os.system", ("touch owned",)),
    "calls a list": Call([], ("touch owned",)),
    "calls a tensor": Call(tensor(np.ones(2, np.float32)), ()),
    "class instance": New(Global("subprocess", "Popen")),
    "code object": New(Global("types", "CodeType")),
    "state of a dictionary": Call(ORDERED, (), {"__class__": "x"}),
    "state of a tensor": Call(ONES.function, ONES.arguments, {"x": 1}),
    "NumPy's own state of a tensor": Call(
        ONES.function, ONES.arguments, (1, (2,), DTYPE, False, b"12345678")
    ),
    "slots of a module": Call(MODULE.function, MODULE.arguments, (None, {"kind": "Generator"})),
    "setstate of an array": Call(ARRAY.function, ARRAY.arguments, (None, {"array": 1})),
    "slots of an array": Call(ARRAY.function, ARRAY.arguments, (None, {"build": Global("os", "system")})),
    "objects in an array": Call(ARRAY.function, ARRAY.arguments, (1, (1,), "O", False, [None])),
    "state of a number type": Call(DTYPE.function, DTYPE.arguments, {"dtype": "O"}),
    "objects as number type": Call(Global("numpy", "dtype"), ("O8", False, True)),
    "structured number type": Call(Global("numpy", "dtype"), ("V8", False, True)),
    "source of a function": Call(
        Global("torch_utils.persistence", "_reconstruct_persistent_obj"), ({"type": "function"},)
    ),
    "outside the file": Persistent(("storage", "FloatStorage", "0", "cpu", 1)),
    "items of an ordered one": Call(ORDERED, ([("a", 1)],)),
    "large set": Call(Global("builtins", "set"), ([str(n) for n in range(101)],)),
    "set of anything": Call(Global("builtins", "set"), (["a", 1],)),
    "storage that is none": Call(TORCH_LOAD, (b"\x80\x02N.",)),
    "storage of text": Call(TORCH_LOAD, ("text",)),
}

TRUE_STORAGE = storage_stream(np.ones(4, np.float32))


# Operations that no snapshot needs, each with what it would do.
OPERATIONS: dict[str, bytes] = {
    "INST": b"(\x8c\x0btouch ownedios\nsystem\n",
    "INST of a known name": b"(icollections\nOrderedDict\n",
    "OBJ": b"(" + old_global("os", "system") + b"\x8c\x0btouch ownedo",
    "NEWOBJ_EX": old_global("collections", "OrderedDict") + b")}\x92",
    "EXT1": b"\x82\x01",
    "EXT2": b"\x83\x01\x00",
    "EXT4": b"\x84\x01\x00\x00\x00",
    "PERSID": b"Pstorage\n",
    "NEXT_BUFFER": b"\x97",
    "READONLY_BUFFER": b"\x98",
    "BYTEARRAY8": b"\x96\x01\x00\x00\x00\x00\x00\x00\x00x",
    "STRING": b"S'text'\n",
    "DUP": b"N2",
    "FROZENSET": b"(\x91",
    "a tuple as a key": b"})Ns",
    "a tensor as a key": b"}" + old_global("numpy", "ndarray") + b"Ns",
    "an item of nothing": b"s",
    "an item of a text": b"\x8c\x01a\x8c\x01bNs",
    "a mark of nothing": b"t",
    "half an item": b"}(\x8c\x01au",
    "a value below the mark": b"N(0N",
    "the memo of nothing": b"j\xff\xff\xff\x7f",
    "appends to a tuple": b")Na",
    "adds to a list": b"](\x8c\x01a\x90",
    "a name of numbers": b"K\x01K\x02\x93",
    "arguments that are no tuple": old_global("collections", "OrderedDict") + b"]R",
    "state of nothing": b"N}b",
}

# Files that promise more than they hold.
BOMBS: dict[str, bytes] = {
    "long bytes": b"\x8e" + (2**62).to_bytes(8, "little"),
    "long text": b"\x8d" + (2**62).to_bytes(8, "little"),
    "longer bytes": b"\x8e\xff\xff\xff\xff\xff\xff\xff\xff",
    "a long number": b"\x8b\xff\xff\xff\x7f",
    "a negative length": b"\x8b\xff\xff\xff\xff",
    "a long decimal": b"I" + b"9" * 10_000 + b"\n",
    "a far frame": b"\x95\xff\xff\xff\xff\xff\xff\xff\x7f",
}
TENSORS: dict[str, Any] = {
    "beyond its storage": rebuilt(TRUE_STORAGE, 0, (5,), (1,)),
    "behind its storage": rebuilt(TRUE_STORAGE, 4, (1,), (1,)),
    "far behind its storage": rebuilt(TRUE_STORAGE, 2**70, (1,), (1,)),
    "before its storage": rebuilt(TRUE_STORAGE, -1, (1,), (1,)),
    "backwards": rebuilt(TRUE_STORAGE, 3, (4,), (-1,)),
    "far steps": rebuilt(TRUE_STORAGE, 0, (2,), (2**62,)),
    "repeated without end": rebuilt(TRUE_STORAGE, 0, (2**30, 2**30), (0, 0)),
    "repeated": rebuilt(TRUE_STORAGE, 0, (5,), (0,)),
    "a negative side": rebuilt(TRUE_STORAGE, 0, (-4,), (1,)),
    "two negative sides": rebuilt(TRUE_STORAGE, 0, (-2, -2), (1, 1)),
    "more steps than sides": rebuilt(TRUE_STORAGE, 0, (2,), (1, 1)),
    "sides of text": rebuilt(TRUE_STORAGE, 0, ("2",), (1,)),
    "sides that are no tuple": rebuilt(TRUE_STORAGE, 0, [2], (1,)),
    "a true side": rebuilt(TRUE_STORAGE, 0, (True,), (1,)),
    "very many sides": rebuilt(TRUE_STORAGE, 0, (1,) * 100, (1,) * 100),
    "no storage": Call(Global("torch._utils", "_rebuild_tensor_v2"), (b"1234", 0, (1,), (1,), False, {})),
    "a storage that says more": Call(TORCH_LOAD, (storage_stream(np.ones(2, np.float32), count=2**50),)),
    "a storage that says less": Call(TORCH_LOAD, (storage_stream(np.ones(2, np.float32), count=1),)),
    "a storage that says two things": Call(TORCH_LOAD, (storage_stream(np.ones(2, np.float32), said=3),)),
    "a storage of less than nothing": Call(TORCH_LOAD, (storage_stream(np.ones(2, np.float32), count=-1),)),
    "a storage of endless length": Call(
        TORCH_LOAD, (storage_stream(np.ones(2, np.float32), count=10**5000, said=2),)
    ),
    "a zip archive in a storage": Call(TORCH_LOAD, (b"PK\x03\x04" + bytes(100),)),
    "half a storage": Call(TORCH_LOAD, (TRUE_STORAGE[:-3],)),
    "more than a storage": Call(TORCH_LOAD, (TRUE_STORAGE + b"x",)),
    "an array of more than its bytes": Call(
        ARRAY.function, ARRAY.arguments, (1, (2**20, 2**20), DTYPE, False, b"1234")
    ),
    "an array of a negative shape": Call(
        ARRAY.function, ARRAY.arguments, (1, (-1, -1), DTYPE, False, b"1234")
    ),
    "an array of nothing, far": Call(ARRAY.function, ARRAY.arguments, (1, (0, 2**70), DTYPE, False, b"")),
}
