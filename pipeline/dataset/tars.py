"""Photographs in TAR archives, compressed or not."""

import bz2
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

from pipeline.dataset.archives import Archive, Member
from pipeline.dataset.folders import is_picture, natural
from pipeline.dataset.handles import PerProcess
from pipeline.faces.decoding import Unreadable

SUFFIXES: Final = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
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
_DAMAGE: Final = (EOFError, OSError, OverflowError, ValueError, lzma.LZMAError, tarfile.TarError, zlib.error)


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
        except _DAMAGE as error:
            broken = f"The archive cannot be read to its end: {error}."
        if opener is _plain:
            members.sort(key=lambda member: natural(member.name))
        super().__init__(path, members, ignored=ignored, broken=broken)
        self._file = PerProcess(partial(opener, path))

    def unpack(self, member: Member) -> bytes:
        """See ``Archive``."""
        try:
            with self._file.lock:
                file = self._file.get()
                file.seek(member.place)
                data = file.read(member.size)
        except _DAMAGE as error:
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
