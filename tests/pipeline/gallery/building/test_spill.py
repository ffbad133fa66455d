"""The wall's colour goes out of hair, and nothing else changes."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from pipeline.faces.head import OVAL, Head
from pipeline.faces.lab import lab_of
from pipeline.gallery.building.spill import without_spill
from tests.pipeline.gallery.drawn import head as drawn

BROWN, SILVER, BLUE = (70, 48, 36), (150, 148, 146), (60, 62, 150)
SKIN = (205, 160, 135)


def head(hair: tuple[int, int, int], patch: tuple[int, int, int] | None = None) -> tuple[Head, np.ndarray]:
    """A head with hair of one colour, a patch of it of another, and where the patch is."""
    base = drawn(np.random.default_rng(3))
    image = np.empty_like(base.image)
    image[:] = hair
    cv2.fillConvexPoly(image, cv2.convexHull(base.landmarks[list(OVAL)].astype(np.int32)), SKIN)
    at = np.zeros((256, 256), bool)
    at[20:36, 100:156] = True
    if patch is not None:
        image[at] = patch
    return replace(base, image=image, alpha=np.ones((256, 256), np.float32)), at


def inside(at: np.ndarray) -> np.ndarray:
    """A patch without its edge."""
    found = np.zeros_like(at)
    found[23:33, 103:153] = True
    return np.asarray(found & at)


def test_blue_in_brown_hair_becomes_brown_and_stays_as_light() -> None:
    spilled, at = head(BROWN, BLUE)

    before, after = (lab_of(one.image)[inside(at)] for one in (spilled, without_spill(spilled)))

    brown = lab_of(np.array([[BROWN]], np.uint8))[0, 0, 1:]
    assert np.abs(after[:, 1:] - brown).max() < 3
    np.testing.assert_allclose(after[:, 0], before[:, 0], atol=3)


def test_everything_else_stays_as_it_is() -> None:
    spilled, at = head(BROWN, BLUE)
    near = np.zeros_like(at)
    near[14:42, 94:162] = True

    np.testing.assert_array_equal(without_spill(spilled).image[~near], spilled.image[~near])


def test_what_is_blue_within_the_face_stays() -> None:
    """Eyes, and glasses."""
    plain, _ = head(BROWN)
    image = plain.image.copy()
    x, y = np.round(plain.landmarks[:, :].mean(axis=0)).astype(int)
    image[y - 4 : y + 4, x - 8 : x + 8] = BLUE
    blue = replace(plain, image=image)

    np.testing.assert_array_equal(
        without_spill(blue).image[y - 2 : y + 2, x - 4 : x + 4],
        blue.image[y - 2 : y + 2, x - 4 : x + 4],
    )


@pytest.mark.parametrize("hair", [BROWN, SILVER, (20, 18, 18), (96, 98, 112), (190, 160, 110), (150, 70, 40)])
def test_hair_that_grew_stays(hair: tuple[int, int, int]) -> None:
    plain, _ = head(hair)

    np.testing.assert_array_equal(without_spill(plain).image, plain.image)


def test_where_no_natural_hair_is_seen_nothing_is_done() -> None:
    dyed, crown = head(BLUE)

    np.testing.assert_array_equal(without_spill(dyed).image[crown], dyed.image[crown])
