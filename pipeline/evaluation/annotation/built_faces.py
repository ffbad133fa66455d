"""Faces in the TFRecord shards that ``faces build`` wrote."""

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.dataset.records import SHARDS, count_faces, records
from pipeline.evaluation.annotation.faces import Face
from pipeline.evaluation.sampling import BATCH
from pipeline.faces.window import resize


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
