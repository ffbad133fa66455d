"""Reads pickles without running them: a machine that knows only plain containers and one table.

Python's own unpickler looks names up and calls what it finds, which lets a pickle do anything. This one never
imports and never looks up: a name is only a key of the table it was given, whose functions take nothing but
data. It knows the operations that published snapshots are made of; every other one is refused. What it builds
is bounded by the size of the file, for it copies what is there and repeats nothing.

Source of the operations: the documentation in Python's ``pickletools``, which also splits the stream here.
"""

import pickletools
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

LONGEST_QUOTE: Final = 80
Operation = Callable[["Machine", Any], None]


class Unreadable(Exception):
    """A file that is not read, because it is damaged, foreign or hostile; ``str()`` says why."""


@dataclass(frozen=True, slots=True)
class Name:
    """A global that the pickle names. Nothing is behind it."""

    module: str
    name: str

    def __str__(self) -> str:
        return quoted(f"{self.module}.{self.name}")


class Buildable(ABC):
    """What the operation BUILD may complete: a value whose pickle comes in two parts."""

    __slots__ = ()

    @abstractmethod
    def build(self, state: Any) -> None:
        """Take the second part; Unreadable if it is not what it should be."""


# Builders get the tuple of arguments in the pickle and check it; None allows a name as a mere tag.
Builder = Callable[[tuple[Any, ...]], Any]
Table = Mapping[Name, Builder | None]


def quoted(text: str) -> str:
    """Foreign text for one line of an error: printable and short."""
    shown = "".join(c if c.isprintable() else "?" for c in text[: LONGEST_QUOTE + 1])
    return shown if len(shown) <= LONGEST_QUOTE else f"{shown[:LONGEST_QUOTE]}…"


def unpickled(file: BinaryIO, table: Table, persistent: Builder | None = None) -> Any:
    """Read one pickle, from where ``file`` stands to just behind the pickle.

    Args:
        table: the names that may occur.
        persistent: what a persistent identifier stands for, if such may occur.

    Raises:
        Unreadable: it is damaged, or needs anything beyond plain data and the table.
    """
    return Machine(table, persistent).run(file)


class Machine:
    """The stack, the marks in it and the memo of one pickle."""

    def __init__(self, table: Table, persistent: Builder | None = None) -> None:
        self._table, self._persistent = table, persistent
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def run(self, file: BinaryIO) -> Any:
        """Carry out operations up to STOP and return what is left on the stack."""
        operations = pickletools.genops(file)
        while True:
            try:
                code, argument, position = next(operations)
            except ValueError as error:
                raise Unreadable(f"the pickle is damaged or cut short: {quoted(str(error))}") from error
            if code.name == "STOP":
                return self.pop()
            operation = OPERATIONS.get(code.name)
            if operation is None:
                raise Unreadable(
                    f"it uses the operation {code.name} at byte {position}, which no snapshot needs"
                )
            operation(self, argument)

    def push(self, value: Any) -> None:
        """Put a value on the stack."""
        self._stack.append(value)

    def pop(self) -> Any:
        """Take the top value."""
        if len(self._stack) <= (self._marks[-1] if self._marks else 0):
            raise Unreadable("the pickle is damaged: it takes a value that is not there")
        return self._stack.pop()

    def top(self, kind: type) -> Any:
        """The top value, which stays; it must be a ``kind``."""
        value = self.pop()
        if not isinstance(value, kind):
            raise Unreadable(
                f"the pickle is damaged: it fills a {type(value).__name__} like a {kind.__name__}"
            )
        self.push(value)
        return value

    def mark(self, _: Any) -> None:
        """MARK."""
        self._marks.append(len(self._stack))

    def since_mark(self) -> list[Any]:
        """Take everything above the last mark."""
        if not self._marks:
            raise Unreadable("the pickle is damaged: it looks for a mark that is not there")
        start = self._marks.pop()
        values = self._stack[start:]
        del self._stack[start:]
        return values

    def take(self, count: int) -> tuple[Any, ...]:
        """Take the top ``count`` values, in the order they were put."""
        return tuple([self.pop() for _ in range(count)][::-1])

    def set_items(self, pairs: list[Any]) -> None:
        """Put keys and values, alternating, into the dictionary on top."""
        target: dict[str, Any] = self.top(dict)
        if len(pairs) % 2:
            raise Unreadable("the pickle is damaged: a key without a value")
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            target[plain_key(key)] = value

    def new_dict(self, _: Any) -> None:
        """DICT."""
        pairs = self.since_mark()
        self.push({})
        self.set_items(pairs)

    def add_items(self, _: Any) -> None:
        """ADDITEMS."""
        values = self.since_mark()
        self.top(set).update(map(plain_key, values))

    def append(self, values: list[Any]) -> None:
        """Add to the list on top."""
        self.top(list).extend(values)

    def remember(self, index: int) -> None:
        """Note the top value in the memo."""
        value = self.pop()
        self.push(value)
        self._memo[index] = value

    def recall(self, index: int) -> None:
        """Put a noted value on the stack."""
        if index not in self._memo:
            raise Unreadable("the pickle is damaged: it recalls what it never noted")
        self.push(self._memo[index])

    def name(self, module: Any, name: Any) -> None:
        """Put a name on the stack if the table has it."""
        if not (isinstance(module, str) and isinstance(name, str)):
            raise Unreadable("the pickle is damaged: a name that is no text")
        named = Name(module, name)
        if named not in self._table:
            raise Unreadable(f"it names {named}, which no snapshot needs; nothing of it was run")
        self.push(named)

    def reduce(self, _: Any) -> None:
        """REDUCE and NEWOBJ: let the table's function make something of the arguments."""
        named, arguments = self.take(2)
        builder = self._table.get(named) if isinstance(named, Name) else None
        if builder is None or not isinstance(arguments, tuple):
            what = str(named) if isinstance(named, Name) else f"a {type(named).__name__}"
            raise Unreadable(f"it calls {what}, which is nothing to call")
        self.push(builder(arguments))

    def build(self, _: Any) -> None:
        """BUILD."""
        target, state = self.take(2)
        if not isinstance(target, Buildable):
            raise Unreadable(f"it sets the state of a {type(target).__name__}, which has none")
        target.build(state)
        self.push(target)

    def persistent(self, _: Any) -> None:
        """BINPERSID."""
        identifier = self.pop()
        if self._persistent is None or not isinstance(identifier, tuple):
            raise Unreadable("it refers to something outside the file")
        self.push(self._persistent(identifier))


def plain_key(key: Any) -> str:
    """A key of a dictionary or a member of a set: text, whose hash is cheap and nobody can foresee."""
    if not isinstance(key, str):
        raise Unreadable(f"it uses a {type(key).__name__} as a key")
    return key


def constant(value: Any) -> Operation:
    """An operation that puts the same value each time."""
    return lambda machine, _: machine.push(value)


OPERATIONS: Final[Mapping[str, Operation]] = {
    **dict.fromkeys(("PROTO", "FRAME"), lambda machine, _: None),
    **dict.fromkeys(
        (
            *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
            *("UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"),
            *("BINBYTES", "SHORT_BINBYTES", "BINBYTES8"),
        ),
        Machine.push,
    ),
    "NONE": constant(None),
    "NEWTRUE": constant(True),
    "NEWFALSE": constant(False),
    "EMPTY_TUPLE": constant(()),
    "EMPTY_LIST": lambda machine, _: machine.push([]),
    "EMPTY_DICT": lambda machine, _: machine.push({}),
    "EMPTY_SET": lambda machine, _: machine.push(set()),
    "TUPLE1": lambda machine, _: machine.push(machine.take(1)),
    "TUPLE2": lambda machine, _: machine.push(machine.take(2)),
    "TUPLE3": lambda machine, _: machine.push(machine.take(3)),
    "TUPLE": lambda machine, _: machine.push(tuple(machine.since_mark())),
    "LIST": lambda machine, _: machine.push(machine.since_mark()),
    "DICT": Machine.new_dict,
    "MARK": Machine.mark,
    "APPEND": lambda machine, _: machine.append([machine.pop()]),
    "APPENDS": lambda machine, _: machine.append(machine.since_mark()),
    "SETITEM": lambda machine, _: machine.set_items(list(machine.take(2))),
    "SETITEMS": lambda machine, _: machine.set_items(machine.since_mark()),
    "ADDITEMS": Machine.add_items,
    "MEMOIZE": lambda machine, _: machine.remember(len(machine._memo)),
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), Machine.remember),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), Machine.recall),
    "GLOBAL": lambda machine, text: machine.name(*text.split(" ", 1)),
    "STACK_GLOBAL": lambda machine, _: machine.name(*machine.take(2)),
    **dict.fromkeys(("REDUCE", "NEWOBJ"), Machine.reduce),
    "BUILD": Machine.build,
    "BINPERSID": Machine.persistent,
}
