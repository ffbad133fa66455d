"""Who of a small gallery of photographic people goes with whom, by what was measured of them."""

from pathlib import Path

import pytest

from pipeline.gallery import Gallery, GalleryError
from pipeline.gallery.kinship import MeasuredKinship
from pipeline.gallery.measures import NAMES
from tests.pipeline.gallery.drawn import said

GALLERY = Path(__file__).parents[2] / "fixtures" / "gallery"
YOUNG = {"10-19", "20-29", "30-39"}


@pytest.fixture(scope="module")
def people() -> Gallery:
    return Gallery.open(GALLERY)


@pytest.fixture(scope="module")
def lent(people: Gallery) -> list[tuple[int, int]]:
    """Givers and leads to whom they can lend their hair."""
    kinship, places = MeasuredKinship(people), range(len(people))
    return [(i, j) for i in places for j in places if i != j and kinship.lends(i, j) > 0]


def test_more_can_lend_their_hair_than_share_a_face(people: Gallery, lent: list[tuple[int, int]]) -> None:
    kinship, places = MeasuredKinship(people), range(len(people))
    sharing = [(i, j) for i in places for j in places if i != j and kinship.suits(i, j) > 0]

    assert len(lent) > len(sharing) > 0


def test_mens_hair_is_lent_to_men_and_all_hair_to_the_bare(
    people: Gallery, lent: list[tuple[int, int]]
) -> None:
    for giver, lead in lent:
        one, other = (said(people.descriptions(place)) for place in (giver, lead))
        assert one["sex"] == "female" or other["sex"] == "male"
        assert not other["glasses"]


def test_nobody_young_is_lent_grey_hair(people: Gallery, lent: list[tuple[int, int]]) -> None:
    age = NAMES.index("age")
    leads = {lead for giver, lead in lent if said(people.descriptions(giver))["hair"] == "grey"}

    assert all(people.table["measures"][lead][age] >= 40 for lead in leads)


def test_a_gallery_without_measures_is_refused(gallery: Gallery) -> None:
    with pytest.raises(GalleryError, match="without the measures"):
        MeasuredKinship(gallery)
