"""Files that are written whole or not at all."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(path: Path, place: Path | None = None) -> Iterator[Path]:
    """Give a name to write to; what lies there gets the name ``path`` when the block ends well.

    The temporary name is nobody else's: two processes, on two machines, may write the same file at once.

    Args:
        place: a folder for the temporary file, on the same file system; beside ``path`` by default.
    """
    partial = (place or path.parent) / f"{path.name}.{secrets.token_hex(8)}.partial"
    try:
        yield partial
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def writing(path: Path, place: Path | None = None) -> Iterator[BinaryIO]:
    """Open a file that gets its name when the block ends well; until then ``path`` is as it was."""
    with replacing(path, place) as partial, partial.open("wb") as file:
        yield file


def write_whole(path: Path, data: bytes, place: Path | None = None) -> None:
    """Write ``data`` so that nobody ever reads half of it."""
    with writing(path, place) as file:
        file.write(data)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a folder to fill; it gets the name ``path``, which nothing has yet, when the block ends well.

    Raises:
        FileExistsError: something has got the name ``path`` meanwhile.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.parent / f"{path.name}.{secrets.token_hex(8)}.partial"
    partial.mkdir()
    try:
        yield partial
        for file in partial.iterdir():
            with file.open("rb") as written:
                os.fsync(written.fileno())
        if path.exists():
            raise FileExistsError(f"{path} is there already")
        partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
