"""Faces that are found unfit are left out of a gallery; the others stay as they are."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.__main__ import main
from pipeline.command_line import BadInput
from pipeline.gallery import Gallery, GalleryError
from pipeline.gallery.leaving_out import LEFT_OUT, read_unfit, without

UNFIT = {3: "hair ends in an edge", 9: "ghost of a brow", 10: "ghost of a brow"}


@pytest.fixture(scope="module")
def left(gallery: Gallery, tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    return without(gallery, numbered(gallery), tmp_path_factory.mktemp("left") / "gallery")


def numbered(gallery: Gallery) -> dict[int, str]:
    """The faces at three places, by the numbers that they have."""
    return {int(gallery.table["number"][place]): reason for place, reason in UNFIT.items()}


def left_out(gallery: Gallery) -> dict[str, int]:
    """How many were, by reason."""
    figures = gallery.about.figures.items()
    return {name.removeprefix(LEFT_OUT): count for name, count in figures if name.startswith(LEFT_OUT)}


def places(gallery: Gallery) -> list[int]:
    unfit = numbered(gallery)
    return [place for place, number in enumerate(gallery.table["number"].tolist()) if number not in unfit]


def test_the_others_stay_as_they_are_to_the_bit(gallery: Gallery, left: Gallery) -> None:
    assert len(left) == len(places(gallery)) < len(gallery)
    for now, before in enumerate(places(gallery)):
        np.testing.assert_array_equal(left.picture(now), gallery.picture(before))
        np.testing.assert_array_equal(left.identity(now), gallery.identity(before))
        np.testing.assert_array_equal(left.head(now).alpha, gallery.head(before).alpha)
        assert left.descriptions(now) == gallery.descriptions(before)


def test_the_gallery_says_how_many_were_left_out_and_why(gallery: Gallery, left: Gallery) -> None:
    said = left_out(left)

    assert set(said) == set(UNFIT.values())
    assert sum(said.values()) == len(gallery) - len(left)
    assert left.digest != gallery.digest


def test_what_was_left_out_before_stays_counted(left: Gallery, tmp_path: Path) -> None:
    number = int(left.table["number"][0])
    again = without(left, {number: "another reason"}, tmp_path / "again")

    before, after = map(left_out, (left, again))
    assert after == before | {"another reason": len(left) - len(again)}


def test_a_number_that_no_face_has_is_refused(gallery: Gallery, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="number 999999"):
        without(gallery, {999_999: "?"}, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_gallery_is_not_written_over(gallery: Gallery, left: Gallery) -> None:
    with pytest.raises(GalleryError, match="there already"):
        without(gallery, {}, left.folder)


@pytest.mark.parametrize("line", ["7", "seven a reason", "-1 a reason", "7  "])
def test_a_line_that_says_no_number_and_reason_is_refused(line: str, tmp_path: Path) -> None:
    (tmp_path / "unfit.txt").write_text(f"3 torn hair\n\n{line}\n")

    with pytest.raises(BadInput, match="line 3"):
        read_unfit(tmp_path / "unfit.txt")


def test_the_command_says_how_many_are_left(
    gallery: Gallery, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "unfit.txt").write_text("".join(f"{n} {why}\n" for n, why in numbered(gallery).items()))

    command = [str(gallery.folder), str(tmp_path / "unfit.txt"), str(tmp_path / "out")]
    assert main(["gallery", "leave-out", *command]) == 0
    assert f"{len(places(gallery))} faces, {len(numbered(gallery))} left out" in capsys.readouterr().out
