"""Portraits as blends are made of them, kept on the disk while a build lasts."""

import json
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipeline.faces.head import Head, Landmarks
from pipeline.gallery.blending.traits import Traits
from pipeline.gallery.building.labels import Labels
from pipeline.gallery.building.layout import Layout
from pipeline.gallery.building.outcomes import Embedding
from pipeline.whole_files import writing

FULL: Final = 255
FEW: Final = 60
"""People of one sex, group and generation up to whom small faults are passed over."""
GENERATIONS: Final = (30.0, 50.0)
"""Years that part the young from the middle-aged, and these from the old."""
PARTS_AT_HAND: Final = 4096
"""Parts whose files a process keeps open; their pages are the system's to keep or to drop."""


@dataclass(frozen=True, eq=False)
class Source:
    """One portrait.

    Attributes:
        number: its place among the portraits.
        name: of its file.
        labels: what it shows; None where there is no face.
        out: why nothing is made of it; empty where it may give hair and face.
        no_hair: why it gives no hair, though it may give a part of the face; empty where it may.
        faults: what is wrong with it, though little enough to be let in where there are few alike.
        excess: how far the worst of ``faults`` is beyond its limit, in limits; 1 without any.
        landmarks: of its head; None where there is no face.
        embedding: who it is; None where there is no face.
        second: what dlib says it is, float (128,); None where dlib was not asked.
        traits: how its face looks; None where nothing is made of it.
        head: in front of the gallery's wall; None where nothing is made of it, and where it is on the disk.
    """

    number: int
    name: str
    labels: Labels | None = None
    out: str = ""
    no_hair: str = ""
    faults: str = ""
    excess: float = 1.0
    landmarks: Landmarks | None = None
    embedding: Embedding | None = None
    second: npt.NDArray[np.float64] | None = None
    traits: Traits | None = None
    head: Head | None = None

    def facts(self) -> dict[str, Any]:
        """As plain values, but arrays."""
        return {
            "number": self.number,
            "name": self.name,
            "labels": self.labels and asdict(self.labels),
            "out": self.out,
            "no_hair": self.no_hair,
            "faults": self.faults,
            "excess": self.excess,
            "traits": plain(self.traits) if self.traits else None,
        }


FACTS, LANDMARKS, EMBEDDINGS, SECOND = "facts", "landmarks", "embeddings", "second"
"""A part's arrays; rows of sources without one are NaN."""


def write_sources(layout: Layout, part: int, sources: Sequence[Source]) -> None:
    """Write a part of the sources; there when the file that :func:`read_sources` reads is there."""
    with writing(layout.pixels(part)) as file:
        np.save(file, np.array([_pixels(source.head) for source in sources if source.head], np.uint8))
    with writing(layout.part(part)) as file:
        arrays: dict[str, Any] = {
            FACTS: np.frombuffer(json.dumps([source.facts() for source in sources]).encode(), np.uint8),
            LANDMARKS: _stacked([source.landmarks for source in sources]),
            EMBEDDINGS: _stacked([source.embedding for source in sources]),
            SECOND: _stacked([source.second for source in sources]),
        }
        np.savez(file, **arrays)


def _pixels(head: Head) -> npt.NDArray[np.uint8]:
    return np.dstack([head.image, np.round(head.alpha * FULL).astype(np.uint8)])


def _stacked(rows: Sequence[npt.NDArray[Any] | None]) -> npt.NDArray[np.float64]:
    known = next((row for row in rows if row is not None), np.zeros(0))
    nothing = np.full(known.shape, np.nan, known.dtype)
    return np.array([nothing if row is None else row for row in rows])


class Sources:
    """All sources of a build, their pictures left on the disk.

    Args:
        parts: how many there are.
    """

    def __init__(self, layout: Layout, parts: int) -> None:
        self._layout = layout
        self._part_of: list[tuple[int, int]] = []
        self.all: list[Source] = []
        for part in range(parts):
            self._read(part)
        self.all = admitted(self.all)

    def _read(self, part: int) -> None:
        with np.load(self._layout.part(part), allow_pickle=False) as arrays:
            facts = json.loads(arrays[FACTS].tobytes())
            landmarks, embeddings, second = arrays[LANDMARKS], arrays[EMBEDDINGS], arrays[SECOND]
        place = 0
        for row, one in enumerate(facts):
            labels = Labels(**one["labels"]) if one["labels"] else None
            traits = measured(one["traits"]) if one["traits"] else None
            self.all.append(
                Source(
                    **{**one, "labels": labels, "traits": traits},
                    landmarks=_known(landmarks, row),
                    embedding=_known(embeddings, row),
                    second=_known(second, row),
                )
            )
            self._part_of.append((part, place))
            place += not one["out"]

    def head(self, number: int) -> Head:
        """The head of a source of which blends may be made."""
        source, (part, place) = self.all[number], self._part_of[number]
        if source.out or source.landmarks is None:
            raise ValueError(f"portrait {number} is no source: {source.out}")
        pixels = _open(self._layout.pixels(part))[place]
        return Head(
            np.ascontiguousarray(pixels[..., :3]),
            source.landmarks,
            pixels[..., 3].astype(np.float32) / np.float32(FULL),
        )

    @cached_property
    def usable(self) -> list[Source]:
        """Those who may give a part of the face."""
        return [source for source in self.all if not source.out]


def admitted(sources: Sequence[Source]) -> list[Source]:
    """The same sources; of those with small faults, only the best are let in, where their people are few.

    A gate that is the same for all leaves nobody of a group of whom there are few portraits, and a lineup of
    somebody of that group would have nobody alike.
    """
    members: dict[tuple[str, str, int], list[Source]] = {}
    for source in sources:
        if not source.out and source.labels:
            generation = bisect(GENERATIONS, source.labels.age)
            members.setdefault((source.labels.sex, source.labels.ethnicity, generation), []).append(source)
    let_in = {
        source.number
        for people in members.values()
        for rank, source in enumerate(sorted(people, key=lambda one: (one.excess, one.number)))
        if source.excess <= 1.0 or rank < FEW
    }
    return [
        source if source.out or source.number in let_in else replace(source, out=source.faults)
        for source in sources
    ]


def plain(traits: Traits) -> dict[str, Any]:
    """Measures as plain values."""
    found = {one.name: getattr(traits, one.name) for one in fields(traits)}
    return {name: np.asarray(value, np.float64).tolist() for name, value in found.items()}


def measured(values: Mapping[str, Any]) -> Traits:
    """The inverse of :func:`plain`."""
    arrays: dict[str, Any] = {
        name: np.array(value) if isinstance(value, list) else value for name, value in values.items()
    }
    return Traits(**arrays)


@lru_cache(PARTS_AT_HAND)
def _open(path: Path) -> npt.NDArray[np.uint8]:
    pixels: npt.NDArray[np.uint8] = np.load(path, mmap_mode="r", allow_pickle=False)
    return pixels


def _known(rows: npt.NDArray[Any], row: int) -> npt.NDArray[Any] | None:
    if not rows[row].size or np.isnan(rows[row]).any():
        return None
    return np.asarray(rows[row])
