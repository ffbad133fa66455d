"""Two galleries become one, without anybody in it twice."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.__main__ import main
from pipeline.gallery import About, Gallery, GalleryError, GalleryFace, GalleryWriter
from pipeline.gallery.joining import TWINS, joined
from pipeline.gallery.leaving_out import LEFT_OUT
from tests.pipeline.gallery.drawn import ABOUT, faces

MADE = replace(ABOUT, figures={"identity_to_any_portrait": 0.61, f"{LEFT_OUT}torn hair": 2})
OTHER = replace(
    ABOUT,
    provenance="Drawn by another.",
    figures={"identity_to_any_portrait": 0.66, f"{LEFT_OUT}torn hair": 3, "only of one": 1},
)
COUNT = 6


def written(folder: Path, *people: GalleryFace, about: About = ABOUT) -> Gallery:
    return GalleryWriter(about).write(folder, people)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    return written(tmp_path_factory.mktemp("one") / "gallery", *faces(COUNT, seed=71), about=MADE)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    """One of whom is somebody of the first."""
    twin, *_ = faces(1, seed=71)
    folder = tmp_path_factory.mktemp("other") / "gallery"
    return written(folder, *faces(COUNT, seed=72), replace(twin, number=COUNT), about=OTHER)


@pytest.fixture(scope="module")
def both(one: Gallery, other: Gallery, tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    return joined(one, other, tmp_path_factory.mktemp("both") / "gallery")


def test_every_face_stays_as_it_is_to_the_bit(one: Gallery, other: Gallery, both: Gallery) -> None:
    assert len(both) == 2 * COUNT
    for place in range(len(both)):
        of, at = (one, place) if place < COUNT else (other, place - COUNT)
        np.testing.assert_array_equal(both.picture(place), of.picture(at))
        np.testing.assert_array_equal(both.head(place).alpha, of.head(at).alpha)
        np.testing.assert_array_equal(both.identity(place), of.identity(at))
        np.testing.assert_array_equal(both.landmarks(place), of.landmarks(at))
        assert both.descriptions(place) == of.descriptions(at)


def test_whoever_is_somebody_of_the_first_is_left_out_and_counted(both: Gallery) -> None:
    who = np.stack([both.identity(place) for place in range(len(both))]).astype(np.float32)

    assert (who @ who.T)[np.triu_indices(len(who), 1)].max() < 0.74
    assert both.about.figures[TWINS] == 1


def test_no_two_faces_have_one_number(both: Gallery) -> None:
    assert len(set(both.table["number"].tolist())) == len(both)


def test_photographs_of_two_folders_keep_apart(one: Gallery, other: Gallery, both: Gallery) -> None:
    """A number means a portrait of one folder only: the same number in the other is somebody else."""
    firsts = {portion.source for place in range(COUNT) for portion in both.provenance(place)}
    seconds = [both.provenance(place) for place in range(COUNT, 2 * COUNT)]

    assert firsts.isdisjoint(portion.source for portions in seconds for portion in portions)
    for place, portions in enumerate(seconds):
        assert [portion.share for portion in portions] == [one.share for one in other.provenance(place)]


def test_the_same_photographs_stay_the_same(other: Gallery, one: Gallery, tmp_path: Path) -> None:
    same = joined(one, other, tmp_path / "same", same_photographs=True)

    for place in range(COUNT):
        assert same.provenance(COUNT + place) == other.provenance(place)


def test_what_is_true_of_both_is_said(both: Gallery) -> None:
    figures = both.about.figures

    assert figures["identity_to_any_portrait"] == 0.66
    assert figures[f"{LEFT_OUT}torn hair"] == 5
    assert "only of one" not in figures
    assert both.about.provenance == f"{MADE.provenance} {OTHER.provenance}"


@pytest.mark.parametrize(
    ("about", "said"),
    [
        (replace(ABOUT, wall=(0, 0, 0)), "different walls"),
        (replace(ABOUT, licence="secret", garment={"garment": "gown"}), "different licences and garments"),
    ],
)
def test_galleries_that_do_not_go_together_are_refused(
    about: About, said: str, one: Gallery, tmp_path: Path
) -> None:
    """A face before another wall would stand out in every lineup."""
    other = written(tmp_path / "other", *faces(1, seed=73), about=about)

    with pytest.raises(GalleryError, match=said):
        joined(one, other, tmp_path / "both")
    assert not (tmp_path / "both").exists()


def test_only_two_fit_ones_are_fit_together(tmp_path: Path) -> None:
    fit, unfit = (
        written(tmp_path / str(fit), *faces(1, seed=80 + fit), about=replace(ABOUT, casework=fit))
        for fit in (True, False)
    )

    assert not joined(fit, unfit, tmp_path / "both").about.casework


def test_a_gallery_is_not_written_over(one: Gallery, other: Gallery, both: Gallery) -> None:
    with pytest.raises(GalleryError, match="there already"):
        joined(one, other, both.folder)


def test_the_command_says_how_many_came_from_the_second(
    one: Gallery, other: Gallery, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [str(one.folder), str(other.folder), str(tmp_path / "out")]

    assert main(["gallery", "join", *command]) == 0
    assert f"{2 * COUNT} faces, {COUNT} of {COUNT + 1} from" in capsys.readouterr().out
