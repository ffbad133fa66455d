"""How faces that got through are written down: the two halves of a format.

Workers write parts, one a chunk, side by side; the collector adds them to the output in their order. What it
has added is on the disk before it says so, and what it added beyond that is dropped when a build goes on.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import cv2

from pipeline.faces import Photo

Position: TypeAlias = dict[str, Any]
"""How far the output has got, as plain values."""


class Collector(Protocol):
    """Adds parts to an output, in their order."""

    def add(self, part: Path) -> None:
        """Add a part."""
        ...

    def save(self) -> Position:
        """Bring to the disk what was added, and say how far that is."""
        ...

    def publish(self) -> None:
        """Give finished files their names; only after the position of ``save`` is on the disk itself."""
        ...

    def finish(self) -> list[str]:
        """Finish the last file and give all their names; the names of the files with faces, in order."""
        ...

    def close(self) -> None:
        """Let go of open files."""
        ...


class Output(Protocol):
    """A format; picklable."""

    def write_part(self, path: Path, photos: Iterable[Photo]) -> None:
        """Write the photos of a chunk, the file whole or not at all."""
        ...

    def collect(self, folder: Path, position: Position | None) -> Collector:
        """Begin an output in ``folder``, or go on where ``position`` says."""
        ...


def png(photo: Photo) -> bytes:
    """A photo as PNG, in true colours whatever the order of its channels."""
    bgr = photo.pixels if photo.colour == "bgr" else photo.pixels[:, :, ::-1]
    _, data = cv2.imencode(".png", bgr)
    return bytes(data.tobytes())


def go_on(path: Path, length: int) -> None:
    """Drop what was written beyond a saved position."""
    with path.open("r+b") as file:
        file.truncate(length)
