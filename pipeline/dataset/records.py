"""Reading the faces that ``faces build`` wrote, without TensorFlow."""

import os
import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.command_line import BadInput
from pipeline.dataset.build.layout import Layout
from pipeline.faces import Pixels

SHARDS: Final = "*.tfrecord"
PICTURES: Final = "*.png"
# What reads as zeros where nothing has computed it.
_UNKNOWN: Final[dict[str, Any]] = {
    "box": np.zeros(4, np.int64),
    "confidence": np.zeros(1, np.float32),
    "window": np.zeros(4, np.int64),
    "output_box": np.zeros(4, np.float32),
    "embedding": np.zeros(1024, np.float32),
}
_WITH_LENGTH: Final = 2
# What reading a message raises where it is none.
_DAMAGE: Final = (IndexError, KeyError, ValueError)
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

    Yields:
        uint8 (height, width, 3), RGB.

    Raises:
        BadInput: no faces there, a build that is not finished, or a damaged face.
    """
    for name, data in _png_files(folder):
        yield _decoded(name, data)


def faces(folder: Path, resolution: int) -> Any:
    """The faces of a finished build, of either format, in their order, for TensorFlow to train on.

    Args:
        folder: what ``--out`` named.
        resolution: a power of two. Larger pictures are brought down to the mean of the pixels covered,
            smaller ones are interpolated (cubic).

    Returns:
        A ``tf.data.Dataset`` of float32 (resolution, resolution, 3), RGB in [-1, 1].

    Raises:
        BadInput: no faces there, a build that is not finished, or no power of two.
    """
    import tensorflow as tf

    if resolution < 1 or resolution & (resolution - 1):
        raise BadInput(f"the resolution must be a power of two, not {resolution}.")
    _finished(folder)

    def scaled(image: Any) -> Any:
        size = (resolution, resolution)
        shrinking = tf.reduce_all(tf.shape(image)[:2] >= resolution)
        brought = tf.cond(
            shrinking,
            lambda: tf.image.resize(image, size, method="area"),
            lambda: tf.image.resize(image, size, method="bicubic"),
        )
        return tf.ensure_shape(tf.clip_by_value(brought, 0.0, 255.0), (*size, 3)) / 127.5 - 1.0

    kind = tf.TensorSpec((None, None, 3), tf.uint8)
    read = tf.data.Dataset.from_generator(lambda: pictures(folder), output_signature=kind)
    return read.map(scaled, tf.data.AUTOTUNE)


def records(folder: Path) -> Iterator[dict[str, Any]]:
    """Everything that the TFRecord shards of a build hold, in order.

    Returns:
        Dictionaries: ``image`` uint8 (height, width, 3) RGB; ``source`` text; ``box`` int64 (4,),
        ``confidence`` float32, ``window`` int64 (4,), ``output_box`` float32 (4,) and ``embedding`` float32
        (1024,), all zeros where they were not computed.

    Raises:
        BadInput: no shards there; when it is come to, a damaged face.
    """
    return (_record(name, data) for name, data in _records(_files(folder, SHARDS)))


def _record(name: str, data: bytes) -> dict[str, Any]:
    try:
        features = _UNKNOWN | _features(data)
    except _DAMAGE as error:
        raise BadInput(f"{name} is damaged: build the faces again.") from error
    return {
        **features,
        "image": _decoded(name, features.get("image", b"")),
        "source": features["source"].decode("utf-8", "surrogateescape"),
        "confidence": features["confidence"][0],
    }


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
        yield from ((str(file), file.read_bytes()) for file in files)
        return
    for name, data in _records(files):
        try:
            yield name, _features(data).get("image", b"")
        except _DAMAGE:
            yield name, b""


def _decoded(name: str, png: bytes) -> Pixels:
    bgr = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR) if png else None
    if bgr is None:
        raise BadInput(f"{name} is not a readable picture: build the faces again.")
    return np.asarray(bgr[:, :, ::-1], np.uint8)


def _records(shards: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """What each record holds, and how to name it to a person; raises as :func:`frames`."""
    for shard in shards:
        with shard.open("rb") as file:
            for number, frame in enumerate(frames(file), start=1):
                yield f"face {number} of {shard}", frame[_HEAD.size : -_CHECKSUM]


def _features(record: bytes) -> dict[str, Any]:
    """The features of a serialised ``tf.train.Example``: bytes, float32 (n,) or int64 (n,) by name.

    Read as the protocol buffers that it is made of, since loading TensorFlow for that takes seconds.
    """
    found: dict[str, Any] = {}
    for _, features in _fields(record):
        for _, entry in _fields(features):
            named = dict(_fields(entry))
            for kind, values in _fields(named[2]):
                content = b"".join(value for _, value in _fields(values))
                found[named[1].decode()] = _KINDS[kind](content)
    return found


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each field of a message whose fields all have a length."""
    at = 0
    while at < len(message):
        key, at = _number(message, at)
        length, at = _number(message, at)
        if key & 7 != _WITH_LENGTH or at + length > len(message):
            raise ValueError("no such message")
        yield key >> 3, message[at : at + length]
        at += length


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the least first, and where it ends."""
    value = shift = 0
    while data[at] > 127:
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
    return value | data[at] << shift, at + 1


def _integers(content: bytes) -> npt.NDArray[np.int64]:
    values, at = [], 0
    while at < len(content):
        value, at = _number(content, at)
        values.append(value)
    return np.asarray(values, np.uint64).astype(np.int64)


# Numbers of the fields of a feature.
_KINDS: Final[dict[int, Callable[[bytes], Any]]] = {
    1: bytes,
    2: lambda content: np.frombuffer(content, "<f4").astype(np.float32),
    3: _integers,
}


def _files(folder: Path, pattern: str) -> list[Path]:
    files = sorted(folder.glob(pattern))
    if not files:
        raise BadInput(f"{folder} holds no faces: faces build writes them there.")
    return files


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
