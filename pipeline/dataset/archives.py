"""Photographs in archives, read where they lie: nothing is unpacked to the disk.

The names in an archive are never used as paths, only as names in reports; those that would lead out of the
archive are refused all the same, so that nobody downstream has to know.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.faces.decoding import MAX_FILE_BYTES, Unreadable

_OUTSIDE: Final = re.compile(r"^[\\/]|^[A-Za-z]:|(^|[\\/])\.\.([\\/]|$)")


@dataclass(frozen=True, slots=True)
class Member:
    """A picture in an archive.

    Attributes:
        name: as the archive has it.
        place: where it begins (TAR), or its number in the directory (ZIP).
        size: bytes, unpacked.
        refused: why it is not read, a plain sentence; empty if it may be.
    """

    name: str
    place: int
    size: int
    refused: str = ""

    def why_not(self) -> str:
        """Why it is not read, ``refused`` or a reason to be seen from here; empty if it may be."""
        if _OUTSIDE.search(self.name):
            return "The name leads out of the archive."
        if self.size > MAX_FILE_BYTES:
            return f"The file has more than {MAX_FILE_BYTES // 2**20} MiB."
        return self.refused


class Archive(ABC):
    """An archive's pictures.

    Attributes:
        path: the archive.
        members: its pictures; of several with one name the last, as unpacking would leave it.
        ignored: how many other files are in it.
        broken: why the list ends early, a plain sentence; empty if it does not.
    """

    def __init__(self, path: Path, members: Iterable[Member], *, ignored: int, broken: str) -> None:
        self.path, self.ignored, self.broken = path, ignored, broken
        self.members = tuple({member.name: member for member in members}.values())

    @property
    def names(self) -> list[str]:
        """The pictures' names."""
        return [member.name for member in self.members]

    def read(self, index: int) -> bytes:
        """The bytes of a picture; Unreadable if it may not or cannot be read."""
        member = self.members[index]
        if reason := member.why_not():
            raise Unreadable(reason)
        return self.unpack(member)

    @abstractmethod
    def unpack(self, member: Member) -> bytes:
        """The bytes of a picture that may be read; Unreadable if it cannot be."""
