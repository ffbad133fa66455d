"""The framing of TFRecord files, for reading them without TensorFlow."""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from pipeline.command_line import BadInput

# A record is its length (8 bytes), a checksum of that (4), the data and their checksum (4).
_HEAD: Final = struct.Struct("<QI")
_CHECKSUM: Final = 4


def frames(file: BinaryIO) -> Iterator[bytes]:
    """The records of a file, each with its length and its checksums, which are not looked at.

    Raises:
        BadInput: the file ends in the middle of a record.
    """
    while head := file.read(_HEAD.size):
        frame = head + file.read(_behind(head, file))
        if len(frame) < _HEAD.size + _behind(head, file):
            raise _cut_off(file)
        yield frame


def data_of_records(path: Path) -> Iterator[bytes]:
    """What each record holds, in order; raises as :func:`frames`."""
    with path.open("rb") as file:
        for frame in frames(file):
            yield frame[_HEAD.size : -_CHECKSUM]


def count_records(path: Path) -> int:
    """How many records a file holds; only their lengths are read. Raises as :func:`frames`."""
    size, count = path.stat().st_size, 0
    with path.open("rb") as file:
        while head := file.read(_HEAD.size):
            if file.seek(_behind(head, file), os.SEEK_CUR) > size:
                raise _cut_off(file)
            count += 1
    return count


def _behind(head: bytes, file: BinaryIO) -> int:
    """Bytes of a record behind its head."""
    if len(head) < _HEAD.size:
        raise _cut_off(file)
    length: int = _HEAD.unpack(head)[0]
    return length + _CHECKSUM


def _cut_off(file: BinaryIO) -> BadInput:
    return BadInput(f"{file.name} ends in the middle of a record.")
