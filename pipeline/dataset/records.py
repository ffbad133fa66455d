"""Reading the faces that ``faces build`` wrote."""

import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import cv2
import numpy as np

from pipeline.command_line import BadInput
from pipeline.dataset.build.layout import Layout
from pipeline.faces.photo import Pixels

SHARDS: Final = "*.tfrecord"
PICTURES: Final = "*.png"
EMBEDDING: Final = 1024
# A record is its length (8 bytes), a checksum of that (4), the data and their checksum (4).
_HEAD: Final = struct.Struct("<QI")
_CHECKSUM: Final = 4


def holds_shards(folder: Path) -> bool:
    """Whether a folder is a data set in shards."""
    return folder.is_dir() and any(folder.glob(SHARDS))


def holds_build(folder: Path) -> bool:
    """Whether ``faces build`` wrote a folder, in either format, whether or not it came to an end."""
    return Layout(folder).plan.is_file() or holds_shards(folder)


def count_faces(folder: Path) -> int:
    """How many faces a finished build has, of either format; none is decoded.

    Raises:
        BadInput: no faces there, a build that is not finished, or a shard that is cut off.
    """
    files = _finished(folder)
    return sum(map(count_records, files)) if holds_shards(folder) else len(files)


def pictures(folder: Path) -> Iterator[Pixels]:
    """The faces of a finished build, of either format, in their order and in the size they were built in.

    TensorFlow's devices are not touched, which another backend may be using.

    Yields:
        uint8 (height, width, 3), RGB.

    Raises:
        BadInput: no faces there, a build that is not finished, or a damaged face.
    """
    for name, data in _png_files(folder):
        bgr = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
        if bgr is None:
            raise BadInput(f"{name} is not a readable picture: build the faces again.")
        yield np.asarray(bgr[:, :, ::-1], np.uint8)


def faces(folder: Path, resolution: int) -> Any:
    """The faces of a finished build, of either format, in their order.

    Args:
        folder: what ``--out`` named.
        resolution: a power of two. Larger pictures are brought down to the mean of the pixels covered,
            smaller ones are interpolated (cubic).

    Returns:
        A ``tf.data.Dataset`` of float32 (resolution, resolution, 3), RGB in [-1, 1].

    Raises:
        BadInput: no faces there, or no power of two.
    """
    import tensorflow as tf

    if resolution < 1 or resolution & (resolution - 1):
        raise BadInput(f"the resolution must be a power of two, not {resolution}.")

    def scaled(image: Any) -> Any:
        size = (resolution, resolution)
        shrinking = tf.reduce_all(tf.shape(image)[:2] >= resolution)
        brought = tf.cond(
            shrinking,
            lambda: tf.image.resize(image, size, method="area"),
            lambda: tf.image.resize(image, size, method="bicubic"),
        )
        return tf.ensure_shape(tf.clip_by_value(brought, 0.0, 255.0), (*size, 3)) / 127.5 - 1.0

    return _encoded(folder).map(_decoded, tf.data.AUTOTUNE).map(scaled, tf.data.AUTOTUNE)


def records(folder: Path) -> Any:
    """Everything that the TFRecord shards of a build hold, in order.

    Returns:
        A ``tf.data.Dataset`` of dictionaries: ``image`` uint8 (height, width, 3) RGB; ``source`` string;
        ``box`` int64 (4,), ``confidence`` float32 (), ``window`` int64 (4,), ``output_box`` float32 (4,) and
        ``embedding`` float32 (1024,), all zeros where they were not computed.

    Raises:
        BadInput: no shards there.
    """
    import tensorflow as tf

    def parsed(record: Any) -> Any:
        features = tf.io.parse_single_example(record, _features())
        return {**features, "image": _decoded(features["image"])}

    return tf.data.TFRecordDataset(_names(_files(folder, SHARDS))).map(parsed, tf.data.AUTOTUNE)


def _finished(folder: Path) -> list[Path]:
    """The shards or the pictures of a build that has come to its end."""
    layout = Layout(folder)
    if layout.plan.is_file() and not layout.finished:
        raise BadInput(f"the build in {folder} is not finished: faces build goes on with it.")
    return _files(folder, SHARDS if holds_shards(folder) else PICTURES)


def _png_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each face's PNG file, and how to name it to a person."""
    files = _finished(folder)
    if not holds_shards(folder):
        for file in files:
            yield str(file), file.read_bytes()
        return
    for shard in files:
        for number, record in enumerate(data_of_records(shard), start=1):
            yield f"face {number} of {shard}", _image_of(record)


def _image_of(record: bytes) -> bytes:
    """The PNG file in a serialised ``tf.train.Example``; nothing where there is none."""
    import tensorflow as tf
    from google.protobuf.message import DecodeError

    try:
        example = tf.train.Example.FromString(record)
    except DecodeError:
        return b""
    return b"".join(example.features.feature["image"].bytes_list.value[:1])


def _encoded(folder: Path) -> Any:
    """PNG files, as strings."""
    import tensorflow as tf

    if holds_shards(folder):
        only_image = {"image": tf.io.FixedLenFeature((), tf.string)}
        shards = tf.data.TFRecordDataset(_names(_files(folder, SHARDS)))
        return shards.map(lambda record: tf.io.parse_single_example(record, only_image)["image"])
    return tf.data.Dataset.from_tensor_slices(_names(_files(folder, PICTURES))).map(tf.io.read_file)


def _decoded(image: Any) -> Any:
    import tensorflow as tf

    return tf.ensure_shape(tf.io.decode_png(image, channels=3), (None, None, 3))


def _features() -> dict[str, Any]:
    import tensorflow as tf

    def numbers(count: int, kind: Any) -> Any:
        return tf.io.FixedLenFeature((count,), kind, [0] * count)

    return {
        "image": tf.io.FixedLenFeature((), tf.string),
        "source": tf.io.FixedLenFeature((), tf.string),
        "box": numbers(4, tf.int64),
        "confidence": tf.io.FixedLenFeature((), tf.float32, 0.0),
        "window": numbers(4, tf.int64),
        "output_box": numbers(4, tf.float32),
        "embedding": numbers(EMBEDDING, tf.float32),
    }


def _files(folder: Path, pattern: str) -> list[Path]:
    files = sorted(folder.glob(pattern))
    if not files:
        raise BadInput(f"{folder} holds no faces: faces build writes them there.")
    return files


def _names(files: Iterable[Path]) -> list[str]:
    return [str(file) for file in files]


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
