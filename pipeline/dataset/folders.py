"""Photographs in folders, and single ones."""

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.faces.decoding import MAX_FILE_BYTES, SUFFIXES, Unreadable

_NUMBER: Final = re.compile(r"(\d+)")


def natural(name: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """Sort key by which 9.jpg comes before 10.jpg: photographs of one person have consecutive numbers."""
    parts = (part for part in _NUMBER.split(name) if part)
    key = ((0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in parts)
    return tuple(key), name


def is_picture(name: str) -> bool:
    """Whether a file is a photograph by its name."""
    return os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122 (a name, of any system)


def is_plain_file(path: Path) -> bool:
    """Whether there is a file: neither a link, nor a pipe or a device, of which reading may never end."""
    return stat.S_ISREG(path.lstat().st_mode)


class Files:
    """Picture files below a folder. Links are listed, and refused when read: they may lead anywhere.

    Attributes:
        names: their paths relative to the folder, in natural order.
    """

    def __init__(self, root: Path, names: Sequence[str]) -> None:
        self.root, self.names = root, tuple(names)

    def read(self, index: int) -> bytes:
        """The bytes of a file; Unreadable if it is none, or too large."""
        try:
            # Not blocking: a named pipe would otherwise be waited for.
            handle = os.open(self.root / self.names[index], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            link = (self.root / self.names[index]).is_symlink()
            reason = (
                "The file is a link, which is not followed"
                if link
                else f"The file cannot be opened: {error.strerror}"
            )
            raise Unreadable(f"{reason}.") from error
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable("It is not a file.")
            if status.st_size > MAX_FILE_BYTES:
                raise Unreadable(f"The file has more than {MAX_FILE_BYTES // 2**20} MiB.")
            try:
                return file.read(MAX_FILE_BYTES)
            except OSError as error:
                raise Unreadable(f"The file cannot be read: {error.strerror}.") from error


class Refused:
    """Something among the sources that gives no photographs: one row of the report."""

    def __init__(self, name: str, reason: str) -> None:
        self.names, self.reason = (name,), reason

    def read(self, index: int) -> bytes:
        """Unreadable, always."""
        raise Unreadable(self.reason)
