"""Files that are written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a name to write to; what lies there gets the name ``path`` when the block ends well.

    The temporary name holds the process' number: two processes may write the same file at once.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        yield partial
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that gets its name when the block ends well; until then ``path`` is as it was."""
    with replacing(path) as partial, partial.open("wb") as file:
        yield file


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` so that nobody ever reads half of it."""
    with writing(path) as file:
        file.write(data)
