"""Training pictures are read once and served in an order that can be repeated."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.__main__ import main
from pipeline.dataset.build.configuration import Configuration
from pipeline.dataset.images import NoImages, load_images, load_pictures, save_grid, to_uint8
from pipeline.training.batches import Batches
from pipeline.training.checkpoints import checkpoint_files
from pipeline.training.stylegan2.run import StyleGAN2Run
from tests.pipeline.dataset.build.made import FILTER, Made, both_formats, built
from tests.pipeline.training.short_run import SIDE, TINY

PLAIN = replace(TINY, ada_target=None)
LEVELS = [30 + 20 * number for number in range(11)]


@pytest.fixture(scope="module")
def builds() -> Iterator[dict[str, Path]]:
    """The same eleven faces of 16 px as ``faces build`` writes them in both formats, in shards of four."""
    with both_formats(LEVELS) as folders:
        yield folders


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


@pytest.mark.parametrize("side", [4, 8, 16])
def test_built_faces_are_read_in_their_order_from_shards_as_from_a_folder(
    builds: dict[str, Path], side: int
) -> None:
    images = load_images(builds["tfrecord"], side)

    assert images.shape == (len(LEVELS), side, side, 3)
    assert images[:, -1, -1, 1].tolist() == [level + 1 for level in LEVELS]
    np.testing.assert_array_equal(images, load_images(builds["folder"], side))
    np.testing.assert_array_equal(images, load_pictures(builds["folder"], side))


def test_built_faces_keep_their_colours(builds: dict[str, Path]) -> None:
    # Blue, in the first pixel, is the photograph's number, one level brighter.
    assert load_images(builds["tfrecord"], 16)[3, 0, 0].tolist() == [91, 91, 4]


@pytest.mark.parametrize("output", ["tfrecord", "folder"])
def test_built_faces_are_not_blown_up(builds: dict[str, Path], output: str) -> None:
    with pytest.raises(NoImages, match="faces of 16 x 16 pixels, but 32 x 32 are asked for"):
        load_images(builds[output], 32)


@pytest.mark.parametrize("output", ["tfrecord", "folder"])
def test_a_build_through_which_no_face_came_has_none_to_train_on(tmp_path: Path, output: str) -> None:
    built(tmp_path / "out", Made([1, 2, 3], side=16), Configuration((FILTER,), output))

    with pytest.raises(NoImages, match="holds no faces"):
        load_images(tmp_path / "out", 16)


def without_its_report(out: Path) -> None:
    """The build was ended before its end."""
    (out / "report.json").unlink()


def cut_off(out: Path) -> None:
    """The disk was full when the last shard was copied."""
    shard = out / "faces-00002.tfrecord"
    shard.write_bytes(shard.read_bytes()[:-1])


def of_something_else(out: Path) -> None:
    """A record that holds no example."""
    (out / "faces-00002.tfrecord").write_bytes(struct.pack("<QI", 4, 0) + b"else" + bytes(4))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (without_its_report, "is not finished"),
        (cut_off, "ends in the middle of a record"),
        (of_something_else, r"face 1 of .*faces-00002\.tfrecord is not a readable picture"),
    ],
)
def test_a_build_that_is_not_whole_is_refused(
    tmp_path: Path, damage: Callable[[Path], None], said: str
) -> None:
    built(tmp_path / "out", Made(LEVELS, side=16), Configuration((FILTER,), shard_size=4))
    damage(tmp_path / "out")

    with pytest.raises(NoImages, match=said):
        load_images(tmp_path / "out", 16)


@pytest.mark.parametrize("options", [("stylegan2",), ("anchors",), ("encoder", "--generator", __file__)])
def test_a_training_on_built_faces_that_are_too_small_says_so_in_a_line(
    builds: dict[str, Path], tmp_path: Path, options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    network, *others = options

    status = main(["train", network, str(builds["tfrecord"]), "--out", str(tmp_path), *others])

    assert status == 2
    assert "faces of 16 x 16 pixels, but 128 x 128 are asked for" in capsys.readouterr().err


def test_networks_are_trained_on_built_faces(builds: dict[str, Path], tmp_path: Path) -> None:
    StyleGAN2Run(PLAIN, load_images(builds["tfrecord"], SIDE), tmp_path).train(images=PLAIN.batch)

    assert len(checkpoint_files(tmp_path)) == 1


def test_grey_levels_are_rounded_and_clipped() -> None:
    assert to_uint8(np.array([-2.0, -1.0, 0.0, 1.0, 3.0])).tolist() == [0, 0, 128, 255, 255]


def test_a_grid_lays_pictures_out_row_by_row(tmp_path: Path) -> None:
    save_grid(tmp_path / "new" / "grid.png", numbered(5), columns=3)
    sheet = cv2.imread(str(tmp_path / "new" / "grid.png"))
    assert sheet is not None
    assert sheet.shape == (8, 12, 3)
    assert sheet[::4, ::4, 0].tolist() == [[0, 1, 2], [3, 4, 0]]
