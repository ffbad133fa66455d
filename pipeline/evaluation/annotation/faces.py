"""The faces that are annotated: made by a generator, or read from folders and archives."""

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from pipeline.dataset.records import SHARDS, count_faces, records
from pipeline.dataset.sources import Sources, Unreadable
from pipeline.evaluation.photographs import head
from pipeline.evaluation.sampling import BATCH, Sampler
from pipeline.faces.choice import FaceError, choose_face
from pipeline.faces.detector import Detection, Detector
from pipeline.faces.framing import Framing
from pipeline.faces.window import resize

SMALLEST_FACE = 32


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


class GeneratedFaces:
    """Faces of a generator; the n-th of a seed is always the same one.

    Args:
        sampler: of the generator.
        count: how many.
        seed: of the codes.
        truncation: ψ.
    """

    def __init__(self, sampler: Sampler, *, count: int, seed: int, truncation: float) -> None:
        self.sampler, self.count, self.seed, self.truncation = sampler, count, seed, truncation
        self.paths: tuple[str, ...] = ()
        self.facts = {"kind": "generated", "count": count, "seed": seed, "truncation": truncation}

    def __len__(self) -> int:
        return self.count

    def batches(self, start: int) -> Iterator[list[Face]]:
        """See :class:`Faces`."""
        for number, z in self._codes():
            if number >= start:
                images = self.sampler.pictures(self.sampler.codes(z), self.truncation)
                yield [Face(f"{self.seed}:{number + place}", image) for place, image in enumerate(images)]

    def pictures(self, numbers: Sequence[int]) -> list[np.ndarray]:
        """See :class:`Faces`."""
        wanted = set(numbers)
        codes = {
            number + place: code
            for number, z in self._codes()
            for place, code in enumerate(z)
            if number + place in wanted
        }
        if not codes:
            return []
        z = np.stack([codes[number] for number in numbers])
        return list(self.sampler.pictures(self.sampler.codes(z), self.truncation))

    def _codes(self) -> Iterator[tuple[int, np.ndarray]]:
        """Codes z, a batch at a time with the number of the first: those of ``latents``, but never all."""
        random = np.random.default_rng(self.seed)
        for number in range(0, self.count, BATCH):
            shape = min(BATCH, self.count - number), self.sampler.generator.config.z_dim
            yield number, random.standard_normal(shape).astype(np.float32)


class FoundFaces:
    """Faces in folders and archives.

    Args:
        sources: the pictures.
        paths: where they were found.
        side: of the faces in pixels.
        framing: how heads are cut out; None: as in the thesis.
        detector: finds the face that is cut out; None where pictures are framed heads already.
    """

    def __init__(
        self,
        sources: Sources,
        paths: Sequence[Path],
        *,
        side: int,
        framing: Framing | None = None,
        detector: Detector | None = None,
    ) -> None:
        self.sources, self.side, self.framing, self.detector = sources, side, framing, detector
        self.paths = tuple(str(path.resolve()) for path in paths)
        names = "\n".join(sources.name(number) for number in range(len(sources)))
        self.facts = {
            "kind": "found",
            "count": len(sources),
            "names": hashlib.sha256(names.encode()).hexdigest(),
            "cropped": detector is not None,
        }

    def __len__(self) -> int:
        return len(self.sources)

    def batches(self, start: int) -> Iterator[list[Face]]:
        """See :class:`Faces`."""
        for number in range(start, len(self), BATCH):
            yield [self._face(place) for place in range(number, min(number + BATCH, len(self)))]

    def pictures(self, numbers: Sequence[int]) -> list[np.ndarray]:
        """See :class:`Faces`."""
        grey = np.full((self.side, self.side, 3), 128, np.uint8)
        found = [self._face(number).pixels for number in numbers]
        return [grey if pixels is None else pixels for pixels in found]

    def _face(self, number: int) -> Face:
        name = self.sources.name(number)
        try:
            rgb = np.ascontiguousarray(self.sources.read(number).rgb)
            return Face(name, self._framed(rgb))
        except (Unreadable, FaceError) as error:
            return Face(name, None, str(error))

    def _framed(self, rgb: np.ndarray) -> np.ndarray:
        if self.detector is not None:
            return head(rgb, self.detector, self.framing, self.side, _largest)
        height, width = rgb.shape[:2]
        if height != width:
            raise Unreadable(f"The picture is {width} x {height}, no framed head; --crop cuts the head out.")
        return resize(rgb, width=self.side, height=self.side)


def _largest(found: Sequence[Detection]) -> Detection:
    return choose_face(found, min_face_width=SMALLEST_FACE, min_face_height=SMALLEST_FACE)


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
