"""Photographs are taken from files and folders as a user names them, and what is passed over is counted."""

import os
from pathlib import Path

import pytest

from gpu_worker.photo_files import photographs_at, read, shown
from gpu_worker.refused import BadPhotograph, Refused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three photographs, and what else lies in such a folder."""
    photos = tmp_path / "photos"
    (photos / "older").mkdir(parents=True)
    (photos / "__MACOSX").mkdir()
    for name in ("c.webp", "a.JPG", "b.png", ".DS_Store", "Thumbs.db", "._a.JPG", "clip.mov", "older/d.jpg"):
        (photos / name).touch()
    return photos


def test_a_folders_photographs_are_taken_by_name_and_those_of_folders_in_it_are_not(folder: Path) -> None:
    found = photographs_at([folder])

    assert [path.name for path in found.paths] == ["a.JPG", "b.png", "c.webp"]


def test_what_a_folder_holds_besides_is_counted(folder: Path) -> None:
    (note,) = photographs_at([folder]).notes

    assert "6 passed over" in note
    assert "formats that are not read: 1" in note
    assert "what only accompanies photographs: 4" in note
    assert "folders: 1" in note


def test_nothing_is_noted_of_a_folder_of_photographs_alone(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()

    assert photographs_at([tmp_path]).notes == []


def test_files_and_folders_are_taken_in_the_order_named(folder: Path, tmp_path: Path) -> None:
    single = tmp_path / "z.jpg"
    single.touch()

    found = photographs_at([single, folder])

    assert [path.name for path in found.paths] == ["z.jpg", "a.JPG", "b.png", "c.webp"]


def test_a_photograph_that_is_named_twice_is_used_once_and_that_is_said(folder: Path) -> None:
    found = photographs_at([folder, folder / ".." / "photos" / "b.png"])

    assert len(found.paths) == 3
    assert "b.png: This file is named twice and used once." in found.notes[-1]


def test_lineups_of_a_folder_go_into_a_folder_even_of_one_photograph(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()

    assert photographs_at([tmp_path]).several
    assert not photographs_at([tmp_path / "a.jpg"]).several


def test_a_folder_without_a_photograph_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()

    with pytest.raises(Refused, match="no JPEG, PNG or WebP photograph in this folder") as refusal:
        photographs_at([tmp_path])
    assert refusal.value.status == 2


def test_a_file_that_is_not_there_is_refused_before_anything_is_drafted(folder: Path) -> None:
    with pytest.raises(Refused, match=r"missing\.jpg: There is no such file"):
        photographs_at([folder, Path("missing.jpg")])


def test_a_name_in_any_encoding_can_be_printed(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/Nov\xe1k.jpg"))
    path.write_bytes(b"no picture")

    assert shown(path).endswith("Nov\\udce1k.jpg")
    with pytest.raises(BadPhotograph) as refusal:
        read(path)
    str(refusal.value).encode()
