"""The faces that are annotated, and those of a data set: see ``found`` and ``generated`` for others."""

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from pipeline.dataset.records import SHARDS, count_faces, records
from pipeline.faces.window import resize

#: A file of annotated faces grows by so many.
BATCH: Final = 32


@dataclass(frozen=True)
class Face:
    """One face, or why there is none.

    Attributes:
        id: its name, stable between runs.
        pixels: uint8 (side, side, 3), RGB, as the models want it, or None.
        problem: why it cannot be looked at; "" where it can.
    """

    id: str
    pixels: np.ndarray | None
    problem: str = ""


class Faces(Protocol):
    """A countable source of faces.

    Attributes:
        facts: what it is, as plain values: equal facts give equal faces.
        paths: where pictures were found; none for those that are made.
    """

    facts: dict[str, Any]
    paths: tuple[str, ...]

    def __len__(self) -> int: ...

    def batches(self, start: int) -> Iterator[list[Face]]:
        """All faces from number ``start`` (a multiple of BATCH) on, in order, BATCH at a time."""
        ...

    def pictures(self, numbers: Sequence[int]) -> list[np.ndarray]:
        """Single faces by number; those that cannot be read are left grey."""
        ...


class BuiltFaces:
    """Faces of a data set, in its order, by the names of their photographs.

    Args:
        folder: what ``--out`` of ``faces build`` named.
        side: of the faces in pixels.
    """

    def __init__(self, folder: Path, *, side: int) -> None:
        self.folder, self.side = folder, side
        shards = sorted(folder.glob(SHARDS))
        self.paths: tuple[str, ...] = (str(folder.resolve()),)
        self._count = count_faces(folder)
        sizes = "\n".join(f"{shard.name} {shard.stat().st_size}" for shard in shards)
        self.facts: dict[str, Any] = {
            "kind": "built",
            "count": self._count,
            "shards": hashlib.sha256(sizes.encode()).hexdigest(),
        }

    def __len__(self) -> int:
        return self._count

    def batches(self, start: int) -> Iterator[list[Face]]:
        """See :class:`Faces`."""
        left = itertools.islice(records(self.folder), start, None)
        while batch := [self._face(record) for record in itertools.islice(left, BATCH)]:
            yield batch

    def pictures(self, numbers: Sequence[int]) -> list[np.ndarray]:
        """See :class:`Faces`."""
        wanted = set(numbers)
        found = {
            number: self._scaled(record["image"])
            for number, record in enumerate(records(self.folder))
            if number in wanted
        }
        return [found[number] for number in numbers]

    def _face(self, record: dict[str, Any]) -> Face:
        return Face(record["source"], self._scaled(record["image"]))

    def _scaled(self, rgb: np.ndarray) -> np.ndarray:
        return resize(rgb, width=self.side, height=self.side)
