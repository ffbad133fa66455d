"""What a suspect has and few faces have is given to others: hair of a natural colour, a pair of glasses."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gpu_worker.engine import GalleryEngine
from gpu_worker.engine.opening import open_gallery
from pipeline.fillers import Changes, Composition, Locks, Page
from pipeline.gallery import Gallery, GalleryError
from pipeline.gallery.changing import Changeable
from pipeline.gallery.parents import keeping
from pipeline.gallery.person import Person
from tests.pipeline.gallery.drawn import said
from tests.pipeline.gallery.mixed import composer

pytestmark = [pytest.mark.slow]

FACES = Path(__file__).parents[2] / "fixtures" / "gallery"
MAN_OF_BROWN, YOUNG_WOMAN, BLACK_MAN = 1, 2, 16
GREY_AND_FIFTY = {"sex": "male", "age_group": "40-49", "ethnic_appearance": "white", "hair": "grey"}


@pytest.fixture(scope="module")
def people() -> Gallery:
    return Gallery.open(FACES)


@pytest.fixture(scope="module")
def engine() -> GalleryEngine:
    return open_gallery(FACES)


@pytest.fixture(scope="module")
def women_with_glasses(engine: GalleryEngine) -> Page:
    """Nobody in the small gallery who wears glasses is a woman."""
    suspect = Person(engine.gallery.identity(YOUNG_WOMAN))
    return engine.neighbours(suspect, count=4, locks={"sex": "female", "glasses": "yes"})


def recipes(page: Page) -> list[Composition]:
    return [face.made_of for face in page if isinstance(face.made_of, Composition)]


def test_a_page_of_glasses_is_filled_where_nobody_wears_any(women_with_glasses: Page) -> None:
    assert len(women_with_glasses) == 4
    assert {said(face.description or {})["glasses"] for face in women_with_glasses} == {True}
    assert {one.changes for one in recipes(women_with_glasses)} == {Changes(glasses=True)}


def test_a_changed_face_is_made_again_to_the_bit(engine: GalleryEngine, women_with_glasses: Page) -> None:
    for face, recipe in zip(women_with_glasses, recipes(women_with_glasses), strict=True):
        np.testing.assert_array_equal(engine.regenerate(recipe).image, face.image)


def test_glasses_are_another_pair_for_another_seed(engine: GalleryEngine, women_with_glasses: Page) -> None:
    recipe = recipes(women_with_glasses)[0]

    one, other = (engine.regenerate(replace(recipe, seed=seed)).image for seed in (1, 2))

    assert np.any(one != other)


def test_no_face_is_changed_twice_for_one_page(women_with_glasses: Page) -> None:
    members = [one.members for one in recipes(women_with_glasses)]

    assert len(set(members)) == len(members)


def test_hair_turns_grey_for_a_lineup_of_grey_hair(engine: GalleryEngine) -> None:
    recipe = Composition(engine.digest, (MAN_OF_BROWN,), (1.0,), 3, Changes(hair="grey"))

    made = engine.regenerate(recipe)

    assert said(made.description or {})["hair"] == "grey"
    assert np.abs(made.image.astype(int) - engine.gallery.picture(MAN_OF_BROWN)).max() > 20


def test_only_those_whose_hair_may_have_the_colour_are_changed(people: Gallery) -> None:
    may = Changeable(people, Locks(GREY_AND_FIFTY)).may("hair")

    for place in range(len(people)):
        one = said(people.descriptions(place))
        old_enough = one["age_group"] in {"40-49", "50-59", "60-69", "70+"}
        assert bool(may[place]) == (one["hair"] in {"black", "brown"} and old_enough)


def test_brown_hair_is_not_given_to_those_who_have_none_by_nature(people: Gallery) -> None:
    assert not Changeable(people, Locks({"hair": "brown"})).may("hair")[BLACK_MAN]


def test_nothing_is_changed_that_nobody_locked(people: Gallery) -> None:
    free = Changeable(people, Locks({"sex": "male", "glasses": "no"}))

    assert free.keys == frozenset()
    assert not any(free.of(place) for place in range(len(people)))


def test_whoever_could_be_changed_keeps_all_other_locks(people: Gallery) -> None:
    locks = Locks({**GREY_AND_FIFTY, "glasses": "yes"})

    kept = np.flatnonzero(keeping(people, locks, changeable=Changeable(people, locks)))

    assert MAN_OF_BROWN in kept
    for place in kept.tolist():
        one = said(people.descriptions(place))
        assert (one["sex"], one["age_group"], one["ethnic_appearance"]) == ("male", "40-49", "white")


def test_hair_stays_where_no_gown_parts_it_from_clothes(gallery: Gallery) -> None:
    assert not gallery.about.garment
    assert not Changeable(gallery, Locks({"hair": "grey"})).may("hair").any()


@pytest.mark.parametrize(
    ("changes", "why"),
    [(Changes(hair="green"), "black, .* not another"), (Changes(glasses=True), "cannot be done here")],
)
def test_a_change_that_cannot_be_made_ends_in_a_sentence(
    gallery: Gallery, changes: Changes, why: str
) -> None:
    with pytest.raises(GalleryError, match=why):
        composer(gallery).head(Composition(gallery.digest, (3,), (1.0,), 1, changes))
