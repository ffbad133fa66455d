"""Which heads are good enough to give something to a face, and why the others are not."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from pipeline.faces.head import SIDE, Head
from pipeline.gallery.blending.anatomy import EYE_OPENINGS
from pipeline.gallery.blending.quality import Fault, faults_of, faults_of_donor
from tests.pipeline.gallery.blending.drawn_heads import Colour, head, landmarks

SKIN = (205, 160, 135)


def photographed(skin: Colour = SKIN, **drawn: object) -> Head:
    """A drawn head with irises that look ahead, and with the grain of a photograph."""
    one = head(skin, pupils=(235, 235, 230), lips=(150, 80, 75), **drawn)  # type: ignore[arg-type]
    for eye in EYE_OPENINGS:
        middle = np.round(one.landmarks[list(eye)].mean(axis=0)).astype(int)
        cv2.circle(one.image, middle.tolist(), 2, (30, 25, 20), -1)
    grain = np.random.default_rng(1).normal(0, 4, one.image.shape)
    return replace(one, image=np.clip(one.image + grain, 0, 255).astype(np.uint8))


def reasons(one: Head) -> set[Fault]:
    return {found.fault for found in (*faults_of(one), *faults_of_donor(one))}


def test_a_plain_upright_head_may_give_everything() -> None:
    one = photographed()

    assert faults_of(one) == []
    assert faults_of_donor(one) == []


def test_a_head_that_is_turned_is_refused() -> None:
    marks = landmarks(nose=18.0)

    found = [one for one in faults_of(photographed(marks=marks)) if one.fault is Fault.PROFILE]

    assert found[0].figure > found[0].limit


def test_closed_eyes_are_refused() -> None:
    marks = landmarks()
    for eye in EYE_OPENINGS:
        middle = marks[list(eye), 1].mean()
        marks[list(eye), 1] = middle + (marks[list(eye), 1] - middle) * 0.4

    assert Fault.EYES_CLOSED in reasons(photographed(marks=marks))


def test_eyes_that_show_no_white_are_closed_whatever_their_landmarks_say() -> None:
    one = head(SKIN, lips=(150, 80, 75))

    assert Fault.EYES_CLOSED in reasons(one)


def test_eyes_that_look_aside_are_refused() -> None:
    one = head(SKIN, pupils=(235, 235, 230))
    for eye in EYE_OPENINGS:
        x, y = np.round(one.landmarks[list(eye)].mean(axis=0)).astype(int)
        cv2.circle(one.image, (int(x) + 6, int(y)), 2, (30, 25, 20), -1)

    assert Fault.GAZE in reasons(one)


@pytest.mark.parametrize(
    ("skin", "fault"),
    [
        ((38, 28, 24), Fault.DARK),
        ((252, 236, 222), Fault.BRIGHT),
        ((140, 140, 140), Fault.GREY),
        ((240, 120, 40), Fault.CAST),
    ],
)
def test_light_and_colour_out_of_the_usual_are_refused(skin: Colour, fault: Fault) -> None:
    assert fault in reasons(photographed(skin))


def test_light_from_one_side_is_refused() -> None:
    one = photographed()
    dark = np.linspace(1.7, 0.1, SIDE)[None, :, None]

    shaded = replace(one, image=np.clip(one.image * dark, 0, 255).astype(np.uint8))

    assert Fault.HARD_LIGHT in reasons(shaded)


def test_a_blurred_and_a_painted_head_are_refused() -> None:
    one = photographed()

    soft = replace(one, image=np.asarray(cv2.GaussianBlur(one.image, (0, 0), 4), np.uint8))

    assert {Fault.BLURRED, Fault.PAINTED} <= reasons(soft)


def test_a_photograph_of_too_few_pixels_is_refused() -> None:
    one = photographed()

    few = cv2.resize(one.image, (SIDE // 3, SIDE // 3), interpolation=cv2.INTER_AREA)
    enlarged = np.asarray(cv2.resize(few, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.uint8)

    assert Fault.SMALL in reasons(replace(one, image=enlarged))


def test_hair_down_to_the_brows_is_refused() -> None:
    assert Fault.COVERED in reasons(photographed(fringe=0.9))


def test_hair_that_the_picture_cuts_off_is_refused() -> None:
    one = photographed()
    one.image[:70, 60:200], one.alpha[:70, 60:200] = (40, 30, 25), 1.0

    assert Fault.CUT_OFF in reasons(one)


def test_a_repeated_edge_is_refused() -> None:
    one = photographed()
    stripes = np.random.default_rng(2).integers(0, 255, (1, SIDE, 3))
    one.image[-45:] = stripes

    assert Fault.REPEATED in reasons(one)


def test_a_green_head_of_hair_is_refused() -> None:
    assert Fault.HEADWEAR in reasons(photographed(hair=(40, 160, 60)))


def test_a_matte_with_a_hole_is_refused() -> None:
    one = photographed()
    one.alpha[120:160, 110:150] = 0

    assert Fault.HOLES in reasons(one)
