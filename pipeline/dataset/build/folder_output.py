"""Faces as a plain folder of PNG files, with a line about each in ``faces.jsonl``."""

import json
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pipeline.dataset.build.outputs import Position, go_on, png
from pipeline.faces import Photo
from pipeline.whole_files import writing

INDEX: Final = "faces.jsonl"
SYNCING: Final = 16


def picture_name(number: int) -> str:
    """The file name of a face."""
    return f"{number:08d}.png"


@dataclass(frozen=True)
class FolderOutput:
    """See ``Output``."""

    def write_part(self, path: Path, photos: Iterable[Photo]) -> None:
        with writing(path) as file:
            for photo in photos:
                data = png(photo)
                face = {} if photo.face is None else asdict(photo.face)
                line = {"source": photo.source, **face, "bytes": len(data)}
                file.write(json.dumps(line).encode() + b"\n" + data)

    def collect(self, folder: Path, position: Position | None) -> "Pictures":
        return Pictures(folder, position)


class Pictures:
    """Writes each face as a file of its own; see ``Collector``."""

    def __init__(self, folder: Path, position: Position | None) -> None:
        self._folder = folder
        position = position or {"pictures": 0, "bytes": 0}
        self._pictures: int = position["pictures"]
        self._unsaved: list[Path] = []
        index = folder / INDEX
        if index.exists():
            go_on(index, position["bytes"])
        self._index = index.open("ab")

    def add(self, part: Path) -> None:
        with part.open("rb") as file:
            while line := file.readline():
                fields = json.loads(line)
                data = file.read(fields.pop("bytes"))
                name = picture_name(self._pictures)
                partial = self._folder / f"{name}.partial"
                partial.write_bytes(data)
                partial.replace(self._folder / name)
                self._index.write(json.dumps({"file": name, **fields}).encode() + b"\n")
                self._pictures += 1
                self._unsaved.append(self._folder / name)

    def save(self) -> Position:
        self._index.flush()
        os.fsync(self._index.fileno())
        # Side by side: a disk brings many files home in the time of one.
        with ThreadPoolExecutor(SYNCING) as pool:
            list(pool.map(_sync, self._unsaved))
        self._unsaved.clear()
        return {"pictures": self._pictures, "bytes": self._index.tell()}

    def publish(self) -> None:
        """See ``Collector``; every picture has its name already, and gets the same one again."""

    def finish(self) -> list[str]:
        self.save()
        self.close()
        return [INDEX]

    def close(self) -> None:
        self._index.close()


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
