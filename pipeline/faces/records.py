"""Reading the faces that ``faces build`` wrote."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from pipeline.command_line import BadInput

SHARDS: Final = "*.tfrecord"
PICTURES: Final = "*.png"
EMBEDDING: Final = 1024


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


def _encoded(folder: Path) -> Any:
    """PNG files, as strings."""
    import tensorflow as tf

    if any(folder.glob(SHARDS)):
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
