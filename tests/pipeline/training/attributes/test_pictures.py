"""Pictures are fitted into squares, read when needed, and changed only as far as is said."""

from dataclasses import fields
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.training.attributes.augmentation import Augmentation
from pipeline.training.attributes.config import ANY_PICTURE
from pipeline.training.attributes.pictures import Pictures, UnreadablePicture, letterbox


def picture(height: int = 32, width: int = 32, seed: int = 0) -> np.ndarray:
    """A smooth random picture without black."""
    coarse = np.random.default_rng(seed).integers(40, 220, (4, 4, 3), np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR))


def test_celebas_pictures_become_105_wide_between_zeros() -> None:
    fitted = letterbox(picture(218, 178), 128)
    columns = np.flatnonzero(fitted.any(axis=(0, 2)))
    assert fitted.shape == (128, 128, 3)
    assert (columns[0], columns[-1]) == (11, 115)
    assert fitted[:, 11:116].all()


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), st.integers(8, 64))
def test_a_picture_keeps_its_aspect_and_its_middle(height: int, width: int, side: int) -> None:
    fitted = letterbox(np.full((height, width, 3), 200, np.uint8), side)
    rows, columns = np.flatnonzero(fitted.any(axis=(1, 2))), np.flatnonzero(fitted.any(axis=(0, 2)))
    scale = side / max(height, width)
    assert fitted.shape == (side, side, 3)
    assert len(rows) == max(1, round(height * scale))
    assert len(columns) == max(1, round(width * scale))
    assert abs(rows[0] - (side - 1 - rows[-1])) <= 1
    assert abs(columns[0] - (side - 1 - columns[-1])) <= 1


def test_pictures_are_read_once_if_they_are_few_and_each_time_if_not(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    cv2.imwrite(str(file), picture())
    few, many = Pictures([file], 32), Pictures([file], 32, kept_bytes=100)
    first = few[np.array([0])]
    np.testing.assert_array_equal(first[0], picture()[:, :, ::-1])
    np.testing.assert_array_equal(many[np.array([0])], first)
    cv2.imwrite(str(file), picture(seed=1))
    np.testing.assert_array_equal(few[np.array([0])], first)
    assert (many[np.array([0])] != first).any()


def test_a_file_that_is_no_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(UnreadablePicture, match=r"a\.png"):
        Pictures([tmp_path / "a.png"], 32)[np.array([0])]


def test_without_any_change_a_picture_stays_as_it_is() -> None:
    np.testing.assert_array_equal(Augmentation()(picture(), np.random.default_rng(0)), picture())


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_same_numbers_give_the_same_picture(seed: int) -> None:
    one, other = (ANY_PICTURE(picture(), np.random.default_rng(seed)) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert one.shape == (32, 32, 3)
    assert one.dtype == np.uint8


@pytest.mark.parametrize("name", [field.name for field in fields(Augmentation)])
def test_each_change_changes_pictures_and_none_beyond_recognition(name: str) -> None:
    change = Augmentation(**{name: getattr(ANY_PICTURE, name)})
    random = np.random.default_rng(0)
    changed = [change(picture(), random).astype(float) for _ in range(20)]
    straight, mirrored = picture().astype(float), picture()[:, ::-1].astype(float)
    distances = [min(np.abs(one - straight).mean(), np.abs(one - mirrored).mean()) for one in changed]
    assert any((one != straight).any() for one in changed)
    assert max(distances) < 40


def test_grey_stays_grey_whatever_becomes_of_its_colours() -> None:
    grey = np.full((8, 8, 3), 100, np.uint8)
    changed = Augmentation(saturation=0.5)(grey, np.random.default_rng(0))
    np.testing.assert_array_equal(changed, grey)


def test_half_of_the_pictures_are_mirrored() -> None:
    random, mirror = np.random.default_rng(0), Augmentation(mirror=True)
    mirrored = [(mirror(picture(), random) == picture()[:, ::-1]).all() for _ in range(200)]
    assert 70 < sum(mirrored) < 130
