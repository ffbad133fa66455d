"""Photographs in archives, read where they lie: nothing is unpacked to the disk.

The names in an archive are never used as paths, only as names in reports; those that would lead out of the
archive are refused all the same, so that nobody downstream has to know.
"""

import bz2
import gzip
import lzma
import os
import re
import tarfile
import threading
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, Final, Generic, TypeAlias, TypeVar

from pipeline.dataset.folders import is_picture, natural
from pipeline.faces.decoding import MAX_FILE_BYTES, Unreadable

T = TypeVar("T")

ZIP_SUFFIXES: Final = (".zip",)
TAR_SUFFIXES: Final = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
# A compressed archive has to be unpacked, in memory and piece by piece, to be listed. Photographs hardly
# shrink: one that grows more than this is made to keep somebody busy.
MAX_GROWTH: Final = 100
ALWAYS_LISTED: Final = 2**30
# More than this at once is asked for only by a header that lies about its size.
LONGEST_HEADER: Final = 2**20

Opener: TypeAlias = Callable[[Path], IO[bytes]]
_COMPRESSED: Final[Mapping[bytes, Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}
_OUTSIDE: Final = re.compile(r"^[\\/]|^[A-Za-z]:|(^|[\\/])\.\.([\\/]|$)")
_ENCRYPTED: Final = 1
_ZIP_DAMAGE: Final = (
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    lzma.LZMAError,
    zipfile.BadZipFile,
    zlib.error,
)
_TAR_DAMAGE: Final = (
    EOFError,
    OSError,
    OverflowError,
    ValueError,
    lzma.LZMAError,
    tarfile.TarError,
    zlib.error,
)


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


class PerProcess(Generic[T]):
    """Something opened when first used, again in each process: a forked or unpickled file is of no use.

    Args:
        opener: opens it; picklable.
    """

    def __init__(self, opener: Callable[[], T]) -> None:
        self._opener = opener
        self._opened: tuple[int, T] | None = None
        self.lock = threading.RLock()

    def get(self) -> T:
        """Open it, or give what this process has opened."""
        with self.lock:
            if self._opened is None or self._opened[0] != os.getpid():
                self._opened = (os.getpid(), self._opener())
            return self._opened[1]

    def __reduce__(self) -> tuple[type["PerProcess[T]"], tuple[Callable[[], T]]]:
        return PerProcess, (self._opener,)


class ZipPictures(Archive):
    """The pictures in a ZIP archive, in natural order of their names."""

    def __init__(self, path: Path) -> None:
        members, ignored, broken = [], 0, ""
        try:
            with zipfile.ZipFile(path) as archive:
                for place, info in enumerate(archive.infolist()):
                    if is_picture(info.filename):
                        refused = "The file is encrypted." if info.flag_bits & _ENCRYPTED else ""
                        members.append(Member(info.filename, place, info.file_size, refused))
                    else:
                        ignored += not info.is_dir()
        except _ZIP_DAMAGE as error:
            broken = f"The archive cannot be read: {error}."
        members.sort(key=lambda member: natural(member.name))
        super().__init__(path, members, ignored=ignored, broken=broken)
        self._archive = PerProcess(partial(zipfile.ZipFile, path))

    def unpack(self, member: Member) -> bytes:
        try:
            archive = self._archive.get()
            with archive.open(archive.infolist()[member.place]) as file:
                return file.read(MAX_FILE_BYTES)
        except _ZIP_DAMAGE as error:
            raise Unreadable(f"The archive is damaged here: {error}.") from error


class TarPictures(Archive):
    """The pictures in a TAR archive.

    In natural order of their names; in the order of the archive if it is compressed, since reading it in any
    other would unpack it again and again.
    """

    def __init__(self, path: Path) -> None:
        members: list[Member] = []
        ignored, broken = 0, ""
        opener: Opener = _plain
        try:
            opener = _opener_for(path)
            for found in _entries(path, opener):
                if is_picture(found.name):
                    members.append(found)
                else:
                    ignored += not found.refused
        except _TAR_DAMAGE as error:
            broken = f"The archive cannot be read to its end: {error}."
        if opener is _plain:
            members.sort(key=lambda member: natural(member.name))
        super().__init__(path, members, ignored=ignored, broken=broken)
        self._file = PerProcess(partial(opener, path))

    def unpack(self, member: Member) -> bytes:
        try:
            with self._file.lock:
                file = self._file.get()
                file.seek(member.place)
                data = file.read(member.size)
        except _TAR_DAMAGE as error:
            raise Unreadable(f"The archive is damaged here: {error}.") from error
        if len(data) < member.size:
            raise Unreadable("The archive ends in the middle of this file.")
        return data


def _plain(path: Path) -> IO[bytes]:
    return path.open("rb")


def _opener_for(path: Path) -> Opener:
    with path.open("rb") as file:
        start = file.read(8)
    return next((opener for magic, opener in _COMPRESSED.items() if start.startswith(magic)), _plain)


def _entries(path: Path, opener: Opener) -> Iterator[Member]:
    """What is in the archive but folders; what is no file is refused.

    Raises:
        tarfile.TarError: it is damaged, or grows beyond measure.
    """
    limit = max(ALWAYS_LISTED, MAX_GROWTH * path.stat().st_size)
    with opener(path) as file, tarfile.open(fileobj=_Wary(file), mode="r:") as archive:  # type: ignore[call-overload]
        while (entry := archive.next()) is not None:
            archive.members.clear()  # it would keep a thousand bytes of each
            if entry.isreg() and not entry.issparse():
                yield Member(entry.name, entry.offset_data, entry.size)
            elif not entry.isdir():
                yield Member(entry.name, 0, 0, "It is a link, a device or a file with holes.")
            if archive.offset > limit:
                raise tarfile.ReadError(f"it grows to more than {MAX_GROWTH} times its size")


class _Wary:
    """A file for ``tarfile`` to read headers from, but none that would fill the memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= LONGEST_HEADER:
            raise tarfile.ReadError("a header in it is too long")
        return self._file.read(size)
