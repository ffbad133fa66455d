"""Sees everything that a pickle could have set off: Python's audit events while something is read."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

WATCHED = (
    *("exec", "compile", "import", "pickle.find_class", "code.__new__", "marshal.loads"),
    *("os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "subprocess.Popen"),
    *("socket.connect", "urllib.Request", "ctypes.dlopen", "sys.setprofile"),
)

_seen: list[str] = []
_watching = False


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event in WATCHED:
        _seen.append(f"{event} {arguments!r:.200}")


# An audit hook stays for as long as the process lives; this one is asleep outside of watching().
sys.addaudithook(_hook)


@contextmanager
def watching() -> Iterator[list[str]]:
    """What was set off in the block."""
    global _watching  # noqa: PLW0603
    _seen.clear()
    _watching = True
    try:
        yield _seen
    finally:
        _watching = False
