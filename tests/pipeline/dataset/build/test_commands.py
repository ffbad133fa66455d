"""``faces build``, ``report`` and ``show`` on the command line."""

import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.__main__ import main
from tests.pipeline.dataset.build.made import folder

LIGHT = "[[steps]]\nfilter = 'size_filter'\nmin_size = 40\n[[steps]]\napply = 'convert_to_rgb'\n"


@pytest.fixture
def place() -> Iterator[Path]:
    """Three photographs, one too small, a file that is none, and a configuration."""
    with folder() as path:
        (path / "photographs").mkdir()
        for name, side in (("1.png", 64), ("2.png", 64), ("small.png", 16)):
            cv2.imwrite(str(path / "photographs" / name), np.full((side, side, 3), 90, np.uint8))
        (path / "photographs" / "notes.txt").write_text("left alone")
        (path / "photographs" / "broken.jpg").write_bytes(b"")
        (path / "config.toml").write_text(LIGHT)
        yield path


def faces(*arguments: object) -> int:
    return main(["faces", *map(str, arguments)])


def build(place: Path, *options: object) -> int:
    out, config = place / "out", place / "config.toml"
    return faces("build", place / "photographs", "--out", out, "--config", config, "--workers", 0, *options)


def test_a_build_prints_its_counts_and_shows_its_progress_apart_from_them(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build(place, "--format", "folder") == 0

    told = capsys.readouterr()
    rows = [line.split() for line in told.out.splitlines()]
    assert rows[:4] == [
        ["step", "images", "in", "images", "out"],
        ["load", "4", "3"],
        ["size_filter", "3", "2"],
        ["convert_to_rgb", "2", "2"],
    ]
    assert re.search(r"4/4 \[.*photo", told.err)


@pytest.mark.parametrize("output", ["folder", "tfrecord"])
def test_a_finished_build_can_be_reported_on_shown_and_asked_for_again(
    place: Path, capsys: pytest.CaptureFixture[str], output: str
) -> None:
    build(place, "--format", output)
    page = (place / "out" / "report.html").read_bytes()
    (place / "out" / "report.html").unlink()
    capsys.readouterr()

    assert faces("report", place / "out") == 0
    assert "size_filter" in capsys.readouterr().out
    assert (place / "out" / "report.html").read_bytes() == page
    assert faces("show", place / "out", "--count", 2) == 0
    assert capsys.readouterr().out == f"{place / 'out' / 'show.html'}\n"
    assert "2.png" in (place / "out" / "show.html").read_text()
    (place / "out" / "show.html").unlink()
    before = {path: path.stat().st_mtime_ns for path in (place / "out").iterdir()}
    assert build(place, "--format", output) == 0
    assert {path: path.stat().st_mtime_ns for path in (place / "out").iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("build", "{}/nowhere", "--out", "{}/out"), "nowhere"),
        (("build", "{}/empty", "--out", "{}/out"), "no photographs"),
        (("build", "{}/photographs", "--out", "{}/photographs"), "not an empty folder"),
        (("build", "{}/photographs", "--out", "{}/config.toml"), "not an empty folder"),
        (("build", "{}/photographs", "--out", "{}/out", "--format", "zip"), "zip"),
        (("build", "{}/photographs", "--out", "{}/out", "--workers", "all"), "--workers"),
        (("build", "{}/photographs", "--out", "{}/out", "--config", "{}/none"), "none"),
        (("report", "{}/photographs"), "not a folder that faces build wrote"),
        (("show", "{}/photographs"), "not a folder that faces build wrote"),
        (("show", "{}/photographs", "--count", "0"), "--count"),
    ],
)
def test_bad_input_is_one_line_that_says_what_is_wrong(
    place: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    (place / "empty").mkdir()

    assert faces(*(argument.format(place) for argument in arguments)) == 2

    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert not (place / "out").exists()


def test_another_build_does_not_go_into_the_same_folder(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(place, "--format", "folder")
    (place / "photographs" / "3.png").write_bytes(b"")
    capsys.readouterr()

    assert build(place, "--format", "folder") == 2

    assert "other photographs and names" in capsys.readouterr().err
