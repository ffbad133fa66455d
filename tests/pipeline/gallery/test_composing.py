"""A face is composed, and composed again, from a recipe that is checked."""

from typing import Any

import numpy as np
import pytest

from pipeline.fillers import Composition
from pipeline.gallery import Gallery, GalleryError
from pipeline.gallery.composing import confirmed, followed
from tests.pipeline.gallery.drawn import said
from tests.pipeline.gallery.mixed import Mixer, composer


def recipe(of: Gallery, **changes: Any) -> Composition:
    values: dict[str, Any] = {
        "gallery": of.digest,
        "members": (3, 5, 8),
        "weights": (0.2, 0.3, 0.5),
        "seed": 7,
    }
    return Composition(**({"gallery": of.digest} | values | changes))


def test_a_recipe_gives_the_same_face_whoever_composes(gallery: Gallery) -> None:
    one, other = (composer(gallery, mixer=Mixer(gallery)) for _ in range(2))

    np.testing.assert_array_equal(one.head(recipe(gallery)).image, other.head(recipe(gallery)).image)
    assert np.any(one.head(recipe(gallery, seed=8)).image != one.head(recipe(gallery)).image)


def test_several_faces_are_the_same_as_one_after_the_other(gallery: Gallery) -> None:
    made = composer(gallery)
    recipes = [recipe(gallery, seed=seed) for seed in range(6)]

    composed = made.compose(recipes)

    for head, one in zip(composed.heads, recipes, strict=True):
        np.testing.assert_array_equal(head.image, made.head(one).image)
    assert composed.identities.shape == (6, 1024)


def test_one_member_alone_is_the_face_of_the_gallery_itself(gallery: Gallery) -> None:
    alone = recipe(gallery, members=(4,), weights=(1.0,))

    np.testing.assert_array_equal(composer(gallery).head(alone).image, gallery.picture(4))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"gallery": "0" * 64}, "from the gallery 000000000000…, but"),
        ({"members": (3, 5), "weights": (1.0,)}, "a weight each"),
        ({"members": (), "weights": ()}, "one to 4 members"),
        ({"members": (1, 2, 3, 4, 5), "weights": (0.2,) * 5}, "one to 4 members"),
        ({"members": (3, 5, 3)}, "different members"),
        ({"weights": (0.5, 0.5, 0.5)}, "sum to 1"),
        ({"weights": (0.0, 0.5, 0.5)}, "above 0"),
        ({"weights": (float("nan"), 0.5, 0.5)}, "sum to 1"),
        ({"members": (3, 5, 64)}, "no face 64"),
        ({"members": (3, 5, -1)}, "no face -1"),
    ],
)
def test_a_damaged_recipe_ends_in_a_sentence(gallery: Gallery, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(GalleryError, match=why):
        composer(gallery).head(recipe(gallery, **changes))


def test_work_that_is_called_off_ends(gallery: Gallery) -> None:
    def called_off(fraction: float) -> None:
        if fraction > 0.3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        composer(gallery).compose([recipe(gallery, seed=seed) for seed in range(8)], called_off)


def description(**values: Any) -> dict[str, dict[str, Any]]:
    return {key: {"value": value, "confidence": 0.9} for key, value in values.items()}


def test_hair_follows_from_the_first_member_and_anything_else_from_all() -> None:
    first = description(
        hair="black", hair_length="long", glasses=True, sex="female", mouth="smile", beard=False
    )
    other = description(
        hair="blond", hair_length="short", glasses=False, sex="female", mouth="open", beard=None
    )

    assert said(followed([first, other])) == {
        "hair": "black", "hair_length": "long", "glasses": True,
        "sex": "female", "mouth": None, "beard": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("ages", "follows"),
    [
        (("20-29", "30-39"), "30-39"),
        (("20-29", "30-39", "40-49"), "30-39"),
        (("20-29", "50-59"), None),
        (("20-29", None), None),
        (("30-39",), "30-39"),
    ],
)
def test_ages_of_the_others_that_lie_close_have_a_middle(
    ages: tuple[str | None, ...], follows: str | None
) -> None:
    """Whoever gives the hair may be older than the face."""
    assert said(followed([description(age_group=age) for age in ("60-69", *ages)])) == {"age_group": follows}


def test_a_face_alone_has_its_own_age_and_group() -> None:
    alone = description(age_group="30-39", ethnicity="white")

    assert said(followed([alone])) == {"age_group": "30-39", "ethnicity": "white"}


def test_whoever_gives_the_hair_may_be_of_another_group() -> None:
    giver, others = description(ethnic_appearance="white"), description(ethnic_appearance="east_asian")

    assert said(followed([giver, others, others])) == {"ethnic_appearance": "east_asian"}


def test_what_is_read_reliably_counts_more_than_what_follows() -> None:
    follows = description(sex="female", age_group="30-39", beard=None, hair="black")
    read = description(sex="male", age_group="40-49", beard=True, hair=None, wit=True)

    assert said(confirmed(follows, read)) == {
        "sex": "male", "age_group": "30-39", "beard": True, "hair": "black",
    }  # fmt: skip
    assert said(confirmed(follows, description(age_group="50-59")))["age_group"] == "50-59"
