"""What is listed as a photograph, in which order, under which name."""

import io
import os
import pickle
import tarfile
import zipfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipeline.command_line import BadInput
from pipeline.dataset.folders import natural
from pipeline.dataset.sources import Sources, Unreadable, printable, sources

TAR_MODES = {"a.tar": "w:", "a.tar.gz": "w:gz", "a.tgz": "w:gz", "a.tar.bz2": "w:bz2", "a.tar.xz": "w:xz"}


def png(level: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (6, 4), (level, 0, 0)).save(file, "PNG")
    return file.getvalue()


def level(listed: Sources, index: int) -> int:
    return int(listed.read(index).pixels[0, 0, 2])


def listing(listed: Sources) -> list[str]:
    return [listed.name(index) for index in range(len(listed))]


def make_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def make_tar(path: Path, files: dict[str, bytes], mode: str = "w:") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


def make_folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def test_a_folder_is_listed_with_all_below_it_in_the_order_of_numbers(tmp_path: Path) -> None:
    names = ["10.png", "9.png", "b/2.JPG", "b/c/1.webp", "100.tif", "1.bmp", "a/3.jpeg"]
    make_folder(tmp_path, dict.fromkeys(names, b"never opened"))

    listed = sources([tmp_path])

    assert listing(listed) == ["1.bmp", "9.png", "10.png", "100.tif", "a/3.jpeg", "b/2.JPG", "b/c/1.webp"]


@given(st.lists(st.text("0123456789ab./ ", min_size=1), unique=True))
def test_no_two_names_are_equal_in_the_order_of_names(names: list[str]) -> None:
    assert len({natural(name) for name in names}) == len(names)


def test_what_is_no_picture_by_its_name_is_passed_over_and_counted(tmp_path: Path) -> None:
    make_folder(tmp_path, {"1.png": b"", "notes.txt": b"", "Thumbs.db": b"", "2.gif": b"", "photo": b""})
    make_zip(tmp_path / "more.zip", {"3.png": b"", "labels.csv": b"", "folder/": b""})

    listed = sources([tmp_path])

    assert listing(listed) == ["1.png", "more.zip!3.png"]
    assert listed.ignored == 5


def test_listing_opens_no_picture(tmp_path: Path) -> None:
    make_folder(tmp_path, {"1.png": b"not a picture", "2.png": b""})

    listed = sources([tmp_path])

    assert len(listed) == 2
    for index in range(2):
        with pytest.raises(Unreadable):
            listed.read(index)


@pytest.mark.parametrize("name", ["a.zip", *TAR_MODES])
def test_pictures_in_an_archive_are_read_in_any_order(tmp_path: Path, name: str) -> None:
    files = {f"p/{number}.png": png(number) for number in range(8)}
    path = tmp_path / name
    if name in TAR_MODES:
        make_tar(path, files, TAR_MODES[name])
    else:
        make_zip(path, files)

    listed = sources([path])

    assert listing(listed) == [f"{name}!p/{number}.png" for number in range(8)]
    for index in (5, 0, 7, 7, 3):
        assert level(listed, index) == index


@pytest.mark.parametrize("name", ["a.zip", "a.tar"])
def test_an_archive_is_listed_in_the_order_of_numbers(tmp_path: Path, name: str) -> None:
    files = {f"{number}.png": png(number) for number in (10, 9, 100, 1)}
    make = make_zip if name.endswith("zip") else make_tar

    listed = sources([make(tmp_path / name, files)])

    assert [level(listed, index) for index in range(4)] == [1, 9, 10, 100]


@pytest.mark.parametrize("name", ["a.zip", "a.tar"])
def test_of_several_files_with_one_name_the_last_counts_as_if_unpacked(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "a.zip":
        with zipfile.ZipFile(path, "w") as zipped:
            zipped.writestr("x.png", png(1))
            with pytest.warns(UserWarning, match="Duplicate"):
                zipped.writestr("x.png", png(2))
    else:
        with tarfile.open(path, "w") as archive:
            for number in (1, 2):
                entry = tarfile.TarInfo("x.png")
                entry.size = len(png(number))
                archive.addfile(entry, io.BytesIO(png(number)))

    listed = sources([path])

    assert len(listed) == 1
    assert level(listed, 0) == 2


def test_several_roots_keep_apart_what_has_the_same_name(tmp_path: Path) -> None:
    first = make_folder(tmp_path / "x" / "photos", {"1.png": png(1)})
    second = make_folder(tmp_path / "y" / "photos", {"1.png": png(2)})
    third = make_zip(tmp_path / "photos.zip", {"1.png": png(3)})

    listed = sources([first, second, third])

    assert listing(listed) == ["photos/1.png", "photos-2/1.png", "photos.zip!1.png"]
    assert [level(listed, index) for index in range(3)] == [1, 2, 3]


def test_a_single_file_is_a_source(tmp_path: Path) -> None:
    make_folder(tmp_path, {"1.png": png(1), "2.png": png(2)})

    assert listing(sources([tmp_path / "2.png"])) == ["2.png"]


def test_a_path_that_does_not_exist_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not-there"):
        sources([tmp_path / "not-there"])


def test_a_number_out_of_range_is_an_error(tmp_path: Path) -> None:
    listed = sources([make_folder(tmp_path, {"1.png": png(1)})])

    for index in (-1, 1):
        with pytest.raises(IndexError):
            listed.read(index)


def test_a_copy_in_another_process_reads_the_same(tmp_path: Path) -> None:
    files = {f"{number}.png": png(number) for number in range(6)}
    make_folder(tmp_path, files)
    make_zip(tmp_path / "b.zip", files)
    make_tar(tmp_path / "c.tar.gz", files, "w:gz")
    listed = sources([tmp_path])
    expected = [level(listed, index) for index in range(len(listed))]

    again = pickle.loads(pickle.dumps(listed))
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        # Forked after files were opened: each process must open its own.
        levels = list(pool.map(level, [listed] * len(listed), range(len(listed))))

    assert levels == expected
    assert [level(again, index) for index in range(len(again))] == expected


@given(st.text(st.characters(codec=None, exclude_categories=[]), max_size=20))
def test_every_name_becomes_one_line_that_utf8_can_hold(name: str) -> None:
    line = printable(name)

    line.encode("utf-8")
    assert len(line.splitlines()) <= 1
    assert line.isprintable()


def test_a_file_name_that_is_no_text_is_listed_and_read(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/caf\xe9.png", "wb") as file:  # noqa: PTH123 (bytes)
        file.write(png(7))

    listed = sources([tmp_path])

    assert listing(listed) == ["caf\\udce9.png"]
    assert level(listed, 0) == 7


def test_photos_come_in_bgr_under_their_name(tmp_path: Path) -> None:
    photo = sources([make_folder(tmp_path, {"1.png": png(200)})]).read(0)

    assert (photo.source, photo.colour, photo.width, photo.height) == ("1.png", "bgr", 6, 4)
    assert photo.pixels.dtype == np.uint8
    assert photo.pixels[0, 0].tolist() == [0, 0, 200]
