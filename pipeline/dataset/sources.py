"""Where photographs come from: folders, archives and single files, as one numbered list."""

import os
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Protocol

from pipeline.command_line import BadInput
from pipeline.dataset.archives import TAR_SUFFIXES, ZIP_SUFFIXES, Archive, TarPictures, ZipPictures
from pipeline.dataset.folders import Files, Refused, is_picture, is_plain_file, natural
from pipeline.faces import Photo, Unreadable, decode

__all__ = ["Sources", "Unreadable", "sources"]


class Container(Protocol):
    """A folder, an archive, …: pictures by number."""

    @property
    def names(self) -> Sequence[str]:
        """The pictures' names, in order."""
        ...

    def read(self, index: int) -> bytes:
        """The bytes of a picture; Unreadable if there are none to be had."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """Photographs of one container; what comes before their names in ``Photo.source``."""

    prefix: str
    container: Container


class Sources:
    """All photographs, in a stable order, listed but not read.

    Picklable; each process opens files for itself.

    Args:
        parts: where they are.
        ignored: files that were passed over, since their names are not those of pictures.
    """

    def __init__(self, parts: Sequence[Part], ignored: int = 0) -> None:
        self.parts, self.ignored = tuple(parts), ignored
        self._ends = list(accumulate(len(part.container.names) for part in self.parts))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def name(self, index: int) -> str:
        """The stable name of a photograph: its path relative to its root, or ``archive!member``.

        It is one line of Unicode; where several roots were given it begins with the root's name.
        """
        part, place = self._find(index)
        return printable(part.prefix + part.container.names[place])

    def read(self, index: int) -> Photo:
        """Read and decode a photograph.

        Raises:
            Unreadable: it cannot be; with the reason.
        """
        part, place = self._find(index)
        return Photo(decode(part.container.read(place)), self.name(index))

    def _find(self, index: int) -> tuple[Part, int]:
        if not 0 <= index < len(self):
            raise IndexError(index)
        number = bisect_right(self._ends, index)
        return self.parts[number], index - (self._ends[number - 1] if number else 0)


def sources(paths: Sequence[Path]) -> Sources:
    """List the photographs of folders (with all that is below them), archives and single files.

    Within a root: the folder's own files in natural order, then those of the archives in it. Links are not
    followed.

    Raises:
        BadInput: a path that does not exist.
    """
    parts: list[Part] = []
    ignored = 0
    for path, label in zip(paths, _labels(paths), strict=True):
        if path.is_dir():
            found, passed_over = _folder(path, f"{label}/" if len(paths) > 1 else "")
        elif not path.is_file():
            raise BadInput(f"{path} is neither a folder nor a file.")
        elif is_archive(path.name):
            found, passed_over = _archive(path, label)
        else:
            found, passed_over = [Part("", Files(path.parent, [path.name]))], 0
        parts += found
        ignored += passed_over
    return Sources(parts, ignored)


def is_archive(name: str) -> bool:
    """Whether a file is an archive by its name."""
    return name.lower().endswith(ZIP_SUFFIXES + TAR_SUFFIXES)


def printable(name: str) -> str:
    """A file's name as one line that every format can hold: what is not printable becomes an escape."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def _labels(paths: Sequence[Path]) -> list[str]:
    """A name for each root: its own, numbered where an earlier one has it."""
    names = [path.resolve().name for path in paths]
    before = [names[:place].count(name) for place, name in enumerate(names)]
    return [f"{name}-{count + 1}" if count else name for name, count in zip(names, before, strict=True)]


def _folder(root: Path, prefix: str) -> tuple[list[Part], int]:
    names: list[str] = []
    archives: list[str] = []
    parts: list[Part] = []
    ignored = 0

    def unlisted(error: OSError) -> None:
        name = os.path.relpath(error.filename, root)
        parts.append(Part(prefix, Refused(name, f"The folder cannot be listed: {error.strerror}.")))

    for folder, _, files in os.walk(root, onerror=unlisted):
        for file in files:
            name = os.path.relpath(os.path.join(folder, file), root)  # noqa: PTH118 (there may be many)
            if is_picture(file):
                names.append(name)
            elif is_archive(file) and is_plain_file(root / name):
                archives.append(name)
            else:
                ignored += 1
    parts.insert(0, Part(prefix, Files(root, sorted(names, key=natural))))
    for name in sorted(archives, key=natural):
        found, passed_over = _archive(root / name, prefix + name)
        parts += found
        ignored += passed_over
    return parts, ignored


def _archive(path: Path, name: str) -> tuple[list[Part], int]:
    """The parts that an archive makes: its pictures and, if its list ends early, a refusal to say so."""
    archive: Archive = ZipPictures(path) if path.name.lower().endswith(ZIP_SUFFIXES) else TarPictures(path)
    parts = [Part(f"{name}!", archive)]
    if archive.broken:
        parts.append(Part("", Refused(name, archive.broken)))
    return parts, archive.ignored
