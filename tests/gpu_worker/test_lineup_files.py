"""Lineups are written whole or not at all, each under a name of its own, and never over a photograph."""

import os
from pathlib import Path

import pytest

from gpu_worker.lineup_files import file_for, folder_for, names_in, renamed, write
from gpu_worker.refused import Refused


def names(folder: Path, *photographs: str) -> list[str]:
    return [file.name for file in names_in(folder, map(Path, photographs)).values()]


def test_a_lineup_is_named_after_its_photograph(tmp_path: Path) -> None:
    assert names(tmp_path, "photos/anna.jpg", "bob.webp") == ["anna.png", "bob.png"]


def test_photographs_of_the_same_name_get_lineups_of_different_names(tmp_path: Path) -> None:
    found = names(tmp_path, "a/anna.jpg", "b/anna.jpg", "b/Anna.png", "b/anna-2.jpg")

    assert found == ["anna.png", "anna-2.png", "Anna-3.png", "anna-2-2.png"]


def test_what_is_there_already_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "anna.png").touch()

    assert names(tmp_path, "anna.jpg") == ["anna-2.png"]


def test_it_is_said_of_which_photographs_the_lineup_is_named_otherwise(tmp_path: Path) -> None:
    files = names_in(tmp_path, [Path("a/anna.jpg"), Path("b/anna.jpg"), Path("bob.jpg")])

    assert [*renamed(files)] == ["b/anna.jpg: There is another anna.png, so its lineup is anna-2.png."]


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    assert folder_for(tmp_path / "of" / "june", []).is_dir()


def test_lineups_are_not_put_among_the_photographs(tmp_path: Path) -> None:
    (tmp_path / "here").symlink_to(tmp_path)

    with pytest.raises(Refused, match="Photographs lie in this folder"):
        folder_for(tmp_path, [tmp_path / "here" / "anna.png"])


def test_several_lineups_do_not_go_into_a_file(tmp_path: Path) -> None:
    (tmp_path / "lineup.png").touch()

    with pytest.raises(Refused, match="This is a file"):
        folder_for(tmp_path / "lineup.png", [])


def test_a_lineup_is_not_written_over_its_photograph(tmp_path: Path) -> None:
    (tmp_path / "anna.png").touch()
    (tmp_path / "out.png").symlink_to(tmp_path / "anna.png")

    with pytest.raises(Refused, match="This is the photograph"):
        file_for(tmp_path / "out.png", tmp_path / "anna.png")


def test_a_lineup_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    (tmp_path / "lineup.png").write_bytes(b"older and longer")

    write(tmp_path / "lineup.png", b"newer")

    assert (tmp_path / "lineup.png").read_bytes() == b"newer"


def test_nothing_is_left_of_a_lineup_whose_writing_was_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "lineup.png", b"picture")

    assert [*tmp_path.iterdir()] == []


def test_a_pipe_is_written_to_and_stays_a_pipe() -> None:
    reading, writing = os.pipe()
    try:
        write(Path(f"/dev/fd/{writing}"), b"picture")
        assert os.read(reading, 100) == b"picture"
    finally:
        os.close(reading)
        os.close(writing)


def test_a_lineup_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="The file cannot be written") as refusal:
        write(tmp_path / "gone" / "lineup.png", b"picture")
    assert refusal.value.status == 1
