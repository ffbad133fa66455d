"""Faces as TFRecord shards of ``tf.train.Example``."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np

from pipeline.dataset.build.outputs import Position, go_on, png
from pipeline.dataset.records import frames
from pipeline.faces import Photo
from pipeline.whole_files import replacing

SHARD_SIZE: Final = 10_000


def shard_name(number: int) -> str:
    """The file name of a shard."""
    return f"faces-{number:05d}.tfrecord"


def example(photo: Photo) -> bytes:
    """A photo as a serialised ``tf.train.Example``.

    Features: ``image`` (PNG, RGB), ``source`` (its name), and, where they are known, ``box`` (int64, 4: x, y,
    width, height of the face in the source picture), ``confidence`` (float), ``window`` (int64, 4: the part
    that was cut out), ``output_box`` (float, 4: the face in ``image``) and ``embedding`` (float, 1024).
    """
    import tensorflow as tf

    def integers(values: Iterable[int]) -> Any:
        return tf.train.Feature(int64_list=tf.train.Int64List(value=values))

    def floats(values: Iterable[float]) -> Any:
        return tf.train.Feature(float_list=tf.train.FloatList(value=values))

    def data(value: bytes) -> Any:
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))

    features = {
        "image": data(png(photo)),
        "source": data(photo.source.encode("utf-8", "surrogateescape")),
    }
    if (face := photo.face) is not None:
        features |= {
            "box": integers(face.box),
            "confidence": floats([face.confidence]),
            "window": integers(face.window),
            "output_box": floats(face.output_box),
        }
    if photo.embedding is not None:
        features["embedding"] = floats(np.asarray(photo.embedding, np.float32))
    whole = tf.train.Example(features=tf.train.Features(feature=features))
    # In the order of the names: the same photo gives the same bytes.
    return bytes(whole.SerializeToString(deterministic=True))


@dataclass(frozen=True)
class TFRecordOutput:
    """See ``Output``.

    Attributes:
        shard_size: faces a shard; the last one may have fewer.
    """

    shard_size: int = SHARD_SIZE

    def write_part(self, path: Path, photos: Iterable[Photo]) -> None:
        import tensorflow as tf

        with replacing(path) as partial, tf.io.TFRecordWriter(str(partial)) as writer:
            for photo in photos:
                writer.write(example(photo))

    def collect(self, folder: Path, position: Position | None) -> "Shards":
        return Shards(folder, self.shard_size, position)


class Shards:
    """Copies records, as they are, into files of a fixed number of records; see ``Collector``."""

    def __init__(self, folder: Path, size: int, position: Position | None) -> None:
        self._folder, self._size = folder, size
        position = position or {"shard": 0, "records": 0, "bytes": 0}
        self._number, self._records = position["shard"], position["records"]
        self._return_to(self._number, position["bytes"])
        self.publish()
        self._file = self._open()

    def add(self, part: Path) -> None:
        with part.open("rb") as file:
            for record in frames(file):
                if self._records == self._size:
                    self._sync()
                    self._file.close()
                    self._number, self._records = self._number + 1, 0
                    self._file = self._open()
                self._file.write(record)
                self._records += 1

    def save(self) -> Position:
        self._sync()
        return {"shard": self._number, "records": self._records, "bytes": self._file.tell()}

    def publish(self) -> None:
        for number in range(self._number):
            if (partial := self._partial(number)).exists():
                partial.replace(self._folder / shard_name(number))

    def finish(self) -> list[str]:
        self._sync()
        self._file.close()
        if self._records:
            self._number += 1
        else:
            self._partial(self._number).unlink()
        self.publish()
        return [shard_name(number) for number in range(self._number)]

    def close(self) -> None:
        self._file.close()

    def _return_to(self, number: int, length: int) -> None:
        if (finished := self._folder / shard_name(number)).exists():
            finished.replace(
                self._partial(number)
            )  # the last one, of a build that ended just before its report
        if (partial := self._partial(number)).exists():
            go_on(partial, length)
        while (partial := self._partial(number := number + 1)).exists():
            partial.unlink()

    def _partial(self, number: int) -> Path:
        return self._folder / f"{shard_name(number)}.partial"

    def _open(self) -> BinaryIO:
        return self._partial(self._number).open("ab")

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
