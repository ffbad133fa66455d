"""Photographs in ZIP archives."""

import zipfile
import zlib
from functools import partial
from lzma import LZMAError
from pathlib import Path
from typing import Final

from pipeline.dataset.archives import Archive, Member
from pipeline.dataset.folders import is_picture, natural
from pipeline.dataset.handles import PerProcess
from pipeline.faces.decoding import MAX_FILE_BYTES, Unreadable

SUFFIXES: Final = (".zip",)
_ENCRYPTED: Final = 1
_DAMAGE: Final = (
    EOFError,
    LZMAError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


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
        except _DAMAGE as error:
            broken = f"The archive cannot be read: {error}."
        members.sort(key=lambda member: natural(member.name))
        super().__init__(path, members, ignored=ignored, broken=broken)
        self._archive = PerProcess(partial(zipfile.ZipFile, path))

    def unpack(self, member: Member) -> bytes:
        """See ``Archive``."""
        try:
            archive = self._archive.get()
            with archive.open(archive.infolist()[member.place]) as file:
                return file.read(MAX_FILE_BYTES)
        except _DAMAGE as error:
            raise Unreadable(f"The archive is damaged here: {error}.") from error
