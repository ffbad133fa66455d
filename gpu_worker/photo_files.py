"""Photographs as a user names them to a command: files and folders."""

import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.conf import settings

from gpu_worker.drafting import Input
from gpu_worker.refused import BadPhotograph, Refused
from lineups.photographs import PhotographError, read_photo

#: Of a folder's files, those that are taken for photographs; lower case.
SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp"})
#: What cameras' cards and archives hold beside photographs; lower case.
COMPANIONS: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini", "__macosx"})


@dataclass(slots=True)
class Photographs:
    """What was named.

    Attributes:
        paths: in the order named, those of a folder by name; each once.
        notes: a sentence about whatever was passed over.
        folder: whether there was a folder among them.
    """

    paths: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    folder: bool = False

    @property
    def several(self) -> bool:
        """Whether their lineups go into a folder."""
        return self.folder or len(self.paths) > 1


def photographs_at(named: Iterable[Path]) -> Photographs:
    """The photographs that ``named`` files and folders are.

    Raises:
        Refused: there is no such file, or a folder without a photograph.
    """
    found, places = Photographs(), set[Path]()
    for path in named:
        if is_folder := _is_folder(path):
            found.folder = True
        for photograph in _in_folder(path, found.notes) if is_folder else [path]:
            place = photograph.parent.resolve() / photograph.name
            if place in places:
                found.notes.append(f"{shown(photograph)}: This file is named twice and used once.")
                continue
            places.add(place)
            found.paths.append(photograph)
    return found


def shown(path: Path) -> str:
    """A path as text that can be printed, whatever bytes are in the file's name."""
    return str(path).encode(errors="backslashreplace").decode()


def read(path: Path) -> Input:
    """Take in a photograph under the same bounds as an upload.

    Raises:
        BadPhotograph: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            photo = read_photo(
                stream,
                max_bytes=settings.LIGAN_UPLOAD_MAX_BYTES,
                max_pixels=settings.LIGAN_PHOTO_MAX_PIXELS,
            )
    except FileNotFoundError as error:
        raise BadPhotograph(shown(path), "There is no such file.") from error
    except PhotographError as error:
        raise BadPhotograph(shown(path), str(error)) from error
    except OSError as error:
        raise BadPhotograph(shown(path), f"The file cannot be read ({error.strerror}).") from error
    return Input(shown(path), photo.rgb, photo.quality)


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except FileNotFoundError as error:
        raise Refused(f"{shown(path)}: There is no such file.") from error
    except OSError as error:
        raise Refused(f"{shown(path)}: The file cannot be read ({error.strerror}).") from error


def _in_folder(folder: Path, notes: list[str]) -> list[Path]:
    """The photographs in ``folder`` by name, not those of folders in it; a note counts what else is there."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise Refused(f"{shown(folder)}: The folder cannot be read ({error.strerror}).") from error
    photographs = [path for path in entries if _is_photograph(path)]
    if not photographs:
        raise Refused(f"{shown(folder)}: There is no JPEG, PNG or WebP photograph in this folder.")
    others = [path for path in entries if not _is_photograph(path)]
    companions = sum(_accompanies(path) for path in others)
    folders = sum(path.is_dir() and not _accompanies(path) for path in others)
    counts = {
        "formats that are not read": len(others) - companions - folders,
        "what only accompanies photographs": companions,
        "folders": folders,
    }
    if others:
        parts = ", ".join(f"{what}: {count}" for what, count in counts.items() if count)
        notes.append(f"{shown(folder)}: {len(others)} passed over ({parts}).")
    return photographs


def _is_photograph(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not _accompanies(path) and not path.is_dir()


def _accompanies(path: Path) -> bool:
    return path.name.lower() in COMPANIONS or path.name.startswith("._")
