"""Shards that TensorFlow reads, and the function that reads them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from pipeline.command_line import BadInput
from pipeline.dataset.build.tfrecord_output import example
from pipeline.dataset.records import faces, pictures, records
from pipeline.faces.photo import FaceFound, Photo
from tests.pipeline.dataset.build.made import both_formats

LEVELS = [30 + 20 * number for number in range(11)]


@pytest.fixture(scope="module")
def built_folders() -> Iterator[dict[str, Path]]:
    """The same faces in both formats, 16 px, in shards of four."""
    with both_formats(LEVELS) as folders:
        yield folders


@pytest.mark.parametrize("output", ["tfrecord", "folder"])
@pytest.mark.parametrize("resolution", [1, 4, 16, 64])
def test_faces_come_in_their_order_at_any_power_of_two_between_minus_one_and_one(
    built_folders: dict[str, Path], output: str, resolution: int
) -> None:
    images = np.stack(list(faces(built_folders[output], resolution).as_numpy_iterator()))

    assert images.shape == (len(LEVELS), resolution, resolution, 3)
    assert images.dtype == np.float32
    assert np.all(np.abs(images) <= 1)
    expected = (np.array(LEVELS) + 1) / 127.5 - 1
    np.testing.assert_allclose(images[:, -1, -1, 1], expected, atol=1e-6)


def test_smaller_pictures_are_the_mean_of_the_pixels_covered(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (16, 16, 3)).astype(np.uint8)
    with tf.io.TFRecordWriter(str(tmp_path / "faces-00000.tfrecord")) as writer:
        writer.write(example(Photo(pixels, "noise", "rgb")))

    (image,) = faces(tmp_path, 4).as_numpy_iterator()

    mean = pixels.reshape(4, 4, 4, 4, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(image, mean / 127.5 - 1, atol=1e-5)


def test_each_record_holds_picture_source_box_confidence_and_embedding(
    built_folders: dict[str, Path],
) -> None:
    read = list(records(built_folders["tfrecord"]))

    assert [record["source"] for record in read] == [f"{n:05d}.png" for n in range(len(LEVELS))]
    first = read[0]
    assert first["image"].dtype == np.uint8
    # Blue, in the first pixel, is the photograph's number, one level brighter: the channels are not swapped.
    assert list(read[3]["image"][0, 0]) == [91, 91, 4]
    assert list(first["box"]) == [1, 2, 4, 5]
    assert first["confidence"] == np.float32(0.95)
    assert list(first["window"]) == [0, 0, 8, 8]
    assert list(first["output_box"]) == [1.0, 2.0, 4.0, 4.5]
    np.testing.assert_array_equal(first["embedding"], np.full(1024, LEVELS[0], np.float32))


def test_a_shard_holds_as_many_faces_as_asked_for(built_folders: dict[str, Path]) -> None:
    shards = sorted(built_folders["tfrecord"].glob("*.tfrecord"))

    counts = [sum(1 for _ in tf.data.TFRecordDataset(str(shard))) for shard in shards]

    assert counts == [4, 4, 3]


def test_the_embedding_of_a_photo_without_one_reads_as_zeros(tmp_path: Path) -> None:
    with tf.io.TFRecordWriter(str(tmp_path / "faces-00000.tfrecord")) as writer:
        writer.write(example(Photo(np.zeros((4, 4, 3), np.uint8), "black")))

    (record,) = records(tmp_path)

    assert not record["embedding"].any()
    assert not record["box"].any()


def test_a_record_reads_as_it_was_written_whatever_its_numbers_and_its_name(tmp_path: Path) -> None:
    face = FaceFound((0, 127, 128, 70_000), 1.0, (-1, -300, 2**40, 16_384), (-0.5, 1e-9, 3.25, 1e9))
    embedding = np.random.default_rng(0).normal(size=1024).astype(np.float32)
    name = "žluťoučký kůň/\udcff.jpg"
    photo = Photo(np.full((4, 4, 3), 7, np.uint8), name, "rgb", face, embedding)
    with tf.io.TFRecordWriter(str(tmp_path / "faces-00000.tfrecord")) as writer:
        writer.write(example(photo))

    (record,) = records(tmp_path)

    assert record["source"] == name
    assert tuple(record["box"]) == face.box
    assert tuple(record["window"]) == face.window
    np.testing.assert_array_equal(record["output_box"], np.asarray(face.output_box, np.float32))
    np.testing.assert_array_equal(record["embedding"], embedding)
    np.testing.assert_array_equal(record["image"], photo.pixels)


@pytest.mark.parametrize("damage", [b"", b"\x0a", b"\x0a\x05\x0a\x03\x0a\x01a", b"\xff" * 30, b"\x08\x01"])
def test_a_record_that_is_no_example_is_bad_input(tmp_path: Path, damage: bytes) -> None:
    with tf.io.TFRecordWriter(str(tmp_path / "faces-00000.tfrecord")) as writer:
        writer.write(damage)

    with pytest.raises(BadInput, match="face 1 of"):
        list(records(tmp_path))
    with pytest.raises(BadInput, match="face 1 of"):
        list(pictures(tmp_path))


@pytest.mark.parametrize("resolution", [0, -4, 3, 100])
def test_a_resolution_that_is_no_power_of_two_is_bad_input(
    built_folders: dict[str, Path], resolution: int
) -> None:
    with pytest.raises(BadInput, match="power of two"):
        faces(built_folders["folder"], resolution)


@pytest.mark.parametrize("read", [records, lambda path: faces(path, 4)])
def test_a_folder_without_faces_is_bad_input(tmp_path: Path, read: object) -> None:
    assert callable(read)
    with pytest.raises(BadInput, match="no faces"):
        read(tmp_path)
