"""Somebody is moved along what a gallery's faces differ in."""

import numpy as np
import numpy.typing as npt
import pytest

from pipeline.fillers import NoDirection
from pipeline.gallery import Gallery, GalleryWriter
from pipeline.gallery.moving import Ways, moved
from pipeline.gallery.person import Person
from tests.pipeline.gallery.drawn import ABOUT, faces, said

Vector = npt.NDArray[np.float32]
WHO = {
    key: {"value": value, "confidence": 0.9}
    for key, value in {"sex": "female", "age_group": "30-39", "hair": "brown", "beard": False}.items()
}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    """Of all ages, colours of hair and beards."""
    return GalleryWriter(ABOUT).write(tmp_path_factory.mktemp("mixed") / "g", faces(80, seed=5))


def test_who_is_made_older_is_more_like_the_old(mixed: Gallery) -> None:
    suspect = mixed.identity(0)
    old = mixed.having("age_group", ["60-69", "70+"])
    young = mixed.having("age_group", ["0-2", "3-9", "10-19"])
    everybody = mixed.embeddings.astype(np.float32)

    older = Ways(mixed).adjusted(Person(suspect, WHO), {"age": 2.0})

    change = everybody @ older.identity - everybody @ suspect
    assert change[old].mean() > change[young].mean()
    assert np.linalg.norm(older.identity) == pytest.approx(1.0, abs=1e-5)
    assert said(older.description)["age_group"] in {"60-69", "70+"}


def test_a_move_and_its_opposite_go_opposite_ways(mixed: Gallery) -> None:
    ways, who = Ways(mixed), Person(mixed.identity(0), WHO)
    to, back = (
        ways.adjusted(who, {"hair_darkness": amount}).identity - who.identity for amount in (1.0, -1.0)
    )

    assert float(to @ back) < 0


def test_what_a_gallery_cannot_move_is_refused(gallery: Gallery) -> None:
    # Its people are all shaven and of black hair.
    assert Ways(gallery).names == ("age",)
    with pytest.raises(NoDirection, match="no direction of beard, wit; there are: age"):
        Ways(gallery).adjusted(Person(gallery.identity(0)), {"beard": 1.0, "wit": 1.0})


def test_no_move_is_no_change(mixed: Gallery) -> None:
    who = Person(mixed.identity(3), WHO)

    np.testing.assert_allclose(Ways(mixed).adjusted(who, {"age": 0.0}).identity, who.identity, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "amount", "key", "value"),
    [
        ("age", 1.0, "age_group", "50-59"),
        ("age", -3.0, "age_group", "0-2"),
        ("beard", 0.5, "beard", True),
        ("beard", -0.5, "beard", False),
        ("beard", 0.0, "beard", False),
        ("hair_darkness", 0.5, "hair", "black"),
        ("hair_darkness", -1.0, "hair", "grey"),
        ("weight", 3.0, "age_group", "30-39"),
    ],
)
def test_what_is_said_of_somebody_moves_too(name: str, amount: float, key: str, value: object) -> None:
    assert said(moved(WHO, name, amount, deviation=2.0))[key] == value


def test_what_is_not_known_stays_unknown() -> None:
    unknown = {"age_group": {"value": None, "confidence": 0.4}}

    assert said(moved(unknown, "age", 2.0, deviation=2.0)) == {"age_group": None}
    assert moved({}, "beard", 2.0, deviation=2.0) == {}
