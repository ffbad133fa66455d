"""Photographs, steps and builds for tests: small, quick, and known to every process."""

import os
import signal
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from pipeline.dataset.build.building import build, plan_of
from pipeline.dataset.build.configuration import Configuration
from pipeline.dataset.build.job import Job
from pipeline.dataset.build.layout import Layout
from pipeline.dataset.build.outputs import Output, png
from pipeline.dataset.build.tfrecord_output import TFRecordOutput
from pipeline.dataset.sources import Sources, Unreadable
from pipeline.dataset.steps import Rejected, SetFunction, Step, WindowFunction
from pipeline.faces.photo import FaceFound, Photo
from pipeline.whole_files import writing
from pipeline.workers.staff import Staff, staff

BROKEN = -1
DEADLY = -2


class Made(Sources):
    """Photographs of one grey level each, by number: grey levels, BROKEN or DEADLY (ends who reads it)."""

    def __init__(self, levels: Sequence[int], side: int = 8) -> None:
        super().__init__(())
        self.levels, self.side = tuple(levels), side

    def __len__(self) -> int:
        return len(self.levels)

    def name(self, index: int) -> str:
        return f"{index:05d}.png"

    def read(self, index: int) -> Photo:
        level = self.levels[index]
        if level == BROKEN:
            raise Unreadable("The picture is damaged.")
        if level == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        pixels = np.full((self.side, self.side, 3), level, np.uint8)
        pixels[0, 0, 0] = index % 256
        face = FaceFound((1, 2, 4, 5), 0.95, (0, 0, 8, 8), (1.0, 2.0, 4.0, 4.5))
        return Photo(pixels, self.name(index), face=face)


class Records(TFRecordOutput):
    """Shards framed as TensorFlow frames them, of PNG files without checksums: no TensorFlow is needed."""

    def write_part(self, path: Path, photos: Iterable[Photo]) -> None:
        with writing(path) as file:
            for photo in photos:
                data = png(photo)
                file.write(struct.pack("<QI", len(data), 0) + data + bytes(4))


class Suicidal(Records):
    """An output that ends whoever writes it."""

    def write_part(self, path: Path, photos: Iterable[Photo]) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def level_of(photo: Photo) -> int:
    """The grey level that a photo was made of."""
    return int(photo.pixels[-1, -1, 1])


def not_dark(photo: Photo, *, least: int = 20) -> bool:
    """Keep a photo of at least this grey level."""
    return level_of(photo) >= least


def brighter(photo: Photo) -> Photo | Rejected:
    """One level brighter; the brightest cannot be."""
    if level_of(photo) == 255:
        return Rejected("It is as bright as can be.")
    return replace(photo, pixels=photo.pixels + np.uint8(1))


def with_level(photos: Sequence[Photo]) -> list[Photo]:
    """Add the grey level as an embedding."""
    return [replace(photo, embedding=np.full(1024, level_of(photo), np.float32)) for photo in photos]


def unlike(photos: Sequence[Photo], *, apart: int = 10) -> bool:
    """Whether the last photo's level is at least so far from those of the others."""
    levels = [float(photo.embedding[0]) for photo in photos if photo.embedding is not None]
    return all(abs(level - levels[-1]) >= apart for level in levels[:-1])


class UnlikeAll:
    """As ``unlike``, for all photos that were kept."""

    def __init__(self, *, apart: int = 10) -> None:
        self._kept: list[Photo] = []
        self._apart = apart

    def judge(self, photos: Sequence[Photo]) -> list[bool]:
        verdicts = []
        for photo in photos:
            verdicts.append(unlike([*self._kept, photo], apart=self._apart))
            if verdicts[-1]:
                self._kept.append(photo)
        return verdicts

    def remember(self, photos: Sequence[Photo]) -> None:
        self._kept.extend(photos)


FILTER = Step("filter", not_dark, {"least": 20})
BRIGHTER = Step("apply", brighter)
WINDOW = Step("window", WindowFunction("unlike", with_level, unlike), {"apart": 10}, window_size=2)
SET = Step("set", SetFunction("unlike_all", with_level, UnlikeAll), {"apart": 3})
STEPS = (FILTER, WINDOW, BRIGHTER)


def built(
    out: Path,
    sources: Sources,
    configuration: Configuration,
    workers: str | Staff = "0",
    output: Output | None = None,
) -> dict[str, bytes]:
    """Build in ``out`` and give its files; ``output`` in place of the configuration's."""
    plan = plan_of(["made"], sources, configuration)
    output = output or configuration.output
    job = Job(sources, configuration.steps, output, Layout(out), configuration.chunk_size)
    build(job, plan, staff(workers, {}) if isinstance(workers, str) else workers)
    return files(out)


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for many small builds; in memory, where the system has such a place."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as path:
        yield Path(path)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def both_formats(levels: list[int]) -> Iterator[dict[str, Path]]:
    """The same faces of 16 px as ``faces build`` writes them in both formats, in shards of four."""
    with folder() as path:
        for output in ("tfrecord", "folder"):
            configuration = Configuration((FILTER, WINDOW, BRIGHTER), output, shard_size=4, chunk_size=3)
            built(path / output, Made(levels, side=16), configuration)
        yield {output: path / output for output in ("tfrecord", "folder")}
