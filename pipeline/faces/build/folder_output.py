"""Faces as a plain folder of PNG files, with a line about each in ``faces.jsonl``."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pipeline.faces.build.outputs import Position, go_on, png
from pipeline.faces.build.whole import write_whole, writing
from pipeline.faces.photo import Photo

INDEX: Final = "faces.jsonl"


def picture_name(number: int) -> str:
    """The file name of a face."""
    return f"{number:08d}.png"


@dataclass(frozen=True)
class FolderOutput:
    """See ``Output``."""

    def write_part(self, path: Path, photos: Iterable[Photo]) -> None:
        """See ``Output``."""
        with writing(path) as file:
            for photo in photos:
                data = png(photo)
                face = {} if photo.face is None else asdict(photo.face)
                line = {"source": photo.source, **face, "bytes": len(data)}
                file.write(json.dumps(line).encode() + b"\n" + data)

    def collect(self, folder: Path, position: Position | None) -> "Pictures":
        """See ``Output``."""
        return Pictures(folder, position)


class Pictures:
    """Writes each face as a file of its own; see ``Collector``."""

    def __init__(self, folder: Path, position: Position | None) -> None:
        self._folder = folder
        position = position or {"pictures": 0, "bytes": 0}
        self._pictures: int = position["pictures"]
        index = folder / INDEX
        if index.exists():
            go_on(index, position["bytes"])
        self._index = index.open("ab")

    def add(self, part: Path) -> None:
        """See ``Collector``."""
        with part.open("rb") as file:
            while line := file.readline():
                fields = json.loads(line)
                data = file.read(fields.pop("bytes"))
                name = picture_name(self._pictures)
                write_whole(self._folder / name, data)
                self._index.write(json.dumps({"file": name, **fields}).encode() + b"\n")
                self._pictures += 1

    def save(self) -> Position:
        """See ``Collector``."""
        self._index.flush()
        os.fsync(self._index.fileno())
        return {"pictures": self._pictures, "bytes": self._index.tell()}

    def publish(self) -> None:
        """See ``Collector``; every picture has its name already, and gets the same one again."""

    def finish(self) -> list[str]:
        """See ``Collector``."""
        self.save()
        self.close()
        return [INDEX]

    def close(self) -> None:
        """See ``Collector``."""
        self._index.close()
