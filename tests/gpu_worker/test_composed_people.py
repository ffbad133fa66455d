"""Faces composed from a small gallery of photographic people, by the blending and the networks that ship."""

from pathlib import Path

import numpy as np
import pytest

from gpu_worker.engine import GalleryEngine
from gpu_worker.engine.opening import open_gallery
from pipeline.faces.head import EYE_CORNERS, EYE_LINE, SIDE
from pipeline.fillers import Composition
from pipeline.gallery.kinship import MeasuredKinship
from tests.pipeline.gallery.drawn import said

GALLERY = Path(__file__).parents[1] / "fixtures" / "gallery"


@pytest.fixture(scope="module")
def engine() -> GalleryEngine:
    return open_gallery(GALLERY)


@pytest.fixture(scope="module")
def recipe(engine: GalleryEngine) -> Composition:
    """Of somebody and the two who suit them best."""
    kinship, count = MeasuredKinship(engine.gallery), len(engine.gallery)
    likes = [
        sorted(((kinship.suits(i, j), j) for j in range(count) if j != i), reverse=True)[:2]
        for i in range(count)
    ]
    first = max(range(count), key=lambda place: likes[place][1][0])
    return Composition(engine.digest, (first, *(j for _, j in likes[first])), (0.2, 0.5, 0.3), 7)


def test_those_who_suit_one_another_have_one_sex_and_expression(engine: GalleryEngine) -> None:
    kinship, people = MeasuredKinship(engine.gallery), range(len(engine.gallery))
    pairs = [(i, j) for i in people for j in people if i != j and kinship.suits(i, j) > 0]

    assert pairs
    for i, j in pairs:
        one, other = (said(engine.gallery.descriptions(place)) for place in (i, j))
        assert (one["sex"], one["mouth"], one["beard"]) == (other["sex"], other["mouth"], other["beard"])
        assert not other["glasses"]


def test_a_composed_face_is_made_again_to_the_bit(engine: GalleryEngine, recipe: Composition) -> None:
    one, again = engine.regenerate(recipe), open_gallery(GALLERY).regenerate(recipe)

    np.testing.assert_array_equal(one.image, again.image)


def test_a_composed_head_is_framed_as_all_are(engine: GalleryEngine, recipe: Composition) -> None:
    head = engine.regenerate(recipe).head

    assert head is not None
    eyes = head.landmarks[list(EYE_CORNERS)].mean(axis=0) / SIDE
    np.testing.assert_allclose(eyes, [0.5, EYE_LINE], atol=0.02)


def test_a_composed_face_has_its_members_sex(engine: GalleryEngine, recipe: Composition) -> None:
    made = engine.regenerate(recipe)

    sexes = {said(engine.gallery.descriptions(place))["sex"] for place in recipe.members}
    assert {said(made.description or {})["sex"]} == sexes


def test_a_face_of_the_gallery_is_who_the_gallery_says(engine: GalleryEngine) -> None:
    for place in range(0, len(engine.gallery), 6):
        made = engine.regenerate(Composition(engine.digest, (place,), (1.0,)))
        assert float(made.identity @ engine.gallery.identity(place)) > 0.99


def test_a_page_of_people_keeps_sex_and_the_limits_of_identity(engine: GalleryEngine) -> None:
    suspect = engine.person(engine.gallery.head(0))

    page = engine.neighbours(suspect, locks={"sex": "same"}, count=6)

    limit, who = engine.gallery.about.same_person, np.stack([face.identity for face in page])
    assert {said(face.description or {})["sex"] for face in page} == {said(suspect.description)["sex"]}
    assert (who @ suspect.identity).max() < limit
    assert (who @ who.T)[np.triu_indices(len(who), 1)].max() < limit
