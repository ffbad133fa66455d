"""Training faces: read, refused, remembered."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.command_line import BadInput
from pipeline.evaluation.cache import FeatureCache
from pipeline.evaluation.dataset import DataSet, read_data_set


def picture(path: Path, side: int, *, height: int | None = None, seed: int = 0) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height or side, side, 3), np.uint8)
    assert cv2.imwrite(str(path), pixels)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    faces = tmp_path / "faces"
    faces.mkdir()
    for index in range(3):
        picture(faces / f"{index}.png", 16, seed=index)
    return faces


class CountingNetwork:
    """Means of the colours, and how often they were asked for."""

    name, size, digest, description = "means", 3, "0", "means of the colours"

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, images: np.ndarray) -> np.ndarray:
        self.calls += 1
        return np.asarray(images.mean(axis=(1, 2)), np.float32)


def test_larger_pictures_are_brought_to_the_generators_size(folder: Path) -> None:
    data = read_data_set(folder, 8)

    assert data.images.shape == (3, 8, 8, 3)
    assert (data.side, data.original_side) == (8, 16)
    assert data.names == ["0.png", "1.png", "2.png"]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda folder: picture(folder / "9.png", 4), "4 pixels a side"),
        (lambda folder: picture(folder / "9.png", 16, height=20), "16 x 20"),
        (lambda folder: (folder / "9.png").write_bytes(b"nothing"), "9.png"),
        (lambda folder: (folder / "9.png").write_bytes(b""), "9.png"),
        (lambda folder: [path.unlink() for path in folder.iterdir()], "no pictures"),
    ],
    ids=["too small", "not square", "no picture", "empty", "none"],
)
def test_pictures_that_cannot_be_compared_are_refused_with_the_reason(
    folder: Path, damage: Callable[[Path], object], reason: str
) -> None:
    damage(folder)

    with pytest.raises(BadInput, match=reason):
        read_data_set(folder, 8)


def test_features_are_computed_once_for_the_same_pictures(folder: Path, tmp_path: Path) -> None:
    cache, network = FeatureCache(tmp_path / "cache"), CountingNetwork()

    def features(data: DataSet) -> np.ndarray:
        return cache.features(data, network, lambda: network(data.images))

    first, second = features(read_data_set(folder, 8)), features(read_data_set(folder, 8))

    np.testing.assert_array_equal(first, second)
    assert network.calls == 1


def test_features_are_computed_anew_when_a_picture_or_the_size_changes(folder: Path, tmp_path: Path) -> None:
    cache, network = FeatureCache(tmp_path / "cache"), CountingNetwork()

    def features(side: int) -> np.ndarray:
        data = read_data_set(folder, side)
        return cache.features(data, network, lambda: network(data.images))

    features(8)
    features(16)
    picture(folder / "0.png", 16, seed=7)
    changed = features(8)

    assert network.calls == 3
    np.testing.assert_array_equal(changed, network(read_data_set(folder, 8).images))


def test_a_damaged_cache_is_made_again(folder: Path, tmp_path: Path) -> None:
    cache, network, data = FeatureCache(tmp_path / "cache"), CountingNetwork(), read_data_set(folder, 8)
    expected = cache.features(data, network, lambda: network(data.images))
    for file in (tmp_path / "cache").iterdir():
        file.write_bytes(b"half a fi")

    np.testing.assert_array_equal(cache.features(data, network, lambda: network(data.images)), expected)
    assert network.calls == 2


def test_a_cache_that_cannot_be_written_to_is_said_to_be_one(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    network, data = CountingNetwork(), read_data_set(folder, 8)

    with pytest.raises(BadInput, match="cannot be kept"):
        FeatureCache(tmp_path / "file" / "cache").features(data, network, lambda: network(data.images))


def test_without_a_cache_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    data, network = read_data_set(folder, 8), CountingNetwork()

    FeatureCache(None).features(data, network, lambda: network(data.images))

    assert [path.name for path in tmp_path.iterdir()] == ["faces"]
