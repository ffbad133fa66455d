"""Training pictures are read once and served in an order that can be repeated."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.training.images import Batches, NoImages, load_images, save_grid, to_uint8


def numbered(count: int) -> np.ndarray:
    """Pictures whose every pixel is their number."""
    return np.broadcast_to(np.arange(count, dtype=np.uint8)[:, None, None, None], (count, 4, 4, 3)).copy()


def test_each_pass_shows_every_picture_once_in_another_order() -> None:
    batches = Batches(numbered(12), batch=4, mirror=False, seed=1)
    passes = [
        [round((float(face[0, 0, 0]) + 1) * 127.5) for n in range(3 * p, 3 * p + 3) for face in batches[n]]
        for p in (0, 1)
    ]
    assert sorted(passes[0]) == sorted(passes[1]) == list(range(12))
    assert passes[0] != passes[1]


def test_a_batch_is_the_same_whatever_was_served_before() -> None:
    one, other = (Batches(numbered(10), batch=4, mirror=True, seed=1) for _ in range(2))
    for number in range(7):
        last = one[number]
    np.testing.assert_array_equal(other[6], last)


def test_half_of_the_pictures_are_mirrored() -> None:
    ramp = np.broadcast_to(np.arange(4, dtype=np.uint8)[None, None, :, None], (1, 4, 4, 3))
    faces = Batches(np.repeat(ramp, 200, axis=0), batch=200, mirror=True, seed=0)[0]
    mirrored = float(np.mean(faces[:, 0, 0, 0] > faces[:, 0, 3, 0]))
    assert 0.35 < mirrored < 0.65


def test_a_folder_is_read_in_order_as_rgb_at_the_wanted_size(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "b.png"), np.full((8, 8, 3), (0, 0, 255), np.uint8))
    cv2.imwrite(str(tmp_path / "a.png"), np.full((4, 4, 3), (255, 0, 0), np.uint8))
    images = load_images(tmp_path, 4)
    assert images.shape == (2, 4, 4, 3)
    assert images[0, 0, 0].tolist() == [0, 0, 255]
    assert images[1, 0, 0].tolist() == [255, 0, 0]


def test_an_empty_folder_and_a_broken_picture_are_named(tmp_path: Path) -> None:
    with pytest.raises(NoImages, match="holds no pictures"):
        load_images(tmp_path, 4)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(NoImages, match=r"broken\.png is not a readable picture"):
        load_images(tmp_path, 4)


def test_grey_levels_are_rounded_and_clipped() -> None:
    assert to_uint8(np.array([-2.0, -1.0, 0.0, 1.0, 3.0])).tolist() == [0, 0, 128, 255, 255]


def test_a_grid_lays_pictures_out_row_by_row(tmp_path: Path) -> None:
    save_grid(tmp_path / "new" / "grid.png", numbered(5), columns=3)
    sheet = cv2.imread(str(tmp_path / "new" / "grid.png"))
    assert sheet is not None
    assert sheet.shape == (8, 12, 3)
    assert sheet[::4, ::4, 0].tolist() == [[0, 1, 2], [3, 4, 0]]
