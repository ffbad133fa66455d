"""Who may share a face with whom."""

from dataclasses import replace

import numpy as np
import pytest

from pipeline.gallery.blending.anatomy import mirrored
from pipeline.gallery.blending.partners import MOST_YEARS_OF_HAIR, Person, lends, shading, suits
from pipeline.gallery.blending.traits import JAW, Traits, traits_of
from tests.pipeline.gallery.blending.drawn_heads import head, landmarks

DONOR = Person("female", "east_asian", 40.0, "none", glasses=False, mouth="closed")
LOOKS = traits_of(head((205, 160, 135), pupils=(30, 30, 30), lips=(150, 80, 75)))


def how_well(other: Person = DONOR, others: Traits = LOOKS, *, slack: float = 1.0) -> float:
    return suits(DONOR, LOOKS, other, others, slack=slack)


def test_somebody_alike_suits_best() -> None:
    assert how_well() == pytest.approx(1.0)
    assert 0 < how_well(replace(DONOR, age=46.0)) < how_well(replace(DONOR, age=42.0)) < 1


@pytest.mark.parametrize(
    "other",
    [
        replace(DONOR, sex="male"),
        replace(DONOR, beard="stubble"),
        replace(DONOR, mouth="smile"),
        replace(DONOR, glasses=True),
        replace(DONOR, age=53.0),
        replace(DONOR, group="white"),
    ],
)
def test_whoever_differs_in_what_a_witness_sees_is_not_mixed_in(other: Person) -> None:
    assert how_well(other) == 0


def test_a_neighbouring_group_is_taken_less_readily() -> None:
    assert 0 < how_well(replace(DONOR, group="southeast_asian")) < how_well()


@pytest.mark.parametrize(
    "others",
    [
        replace(LOOKS, yaw=LOOKS.yaw + 9),
        replace(LOOKS, pitch=LOOKS.pitch - 11),
        replace(LOOKS, gap=LOOKS.gap + 0.08),
        replace(LOOKS, tone=LOOKS.tone - (19, 0, 0)),
        replace(LOOKS, tone=LOOKS.tone - (0, 13, 0)),
        replace(LOOKS, sharpness=LOOKS.sharpness * 2.3),
        replace(LOOKS, brows=LOOKS.brows + 15),
        replace(LOOKS, covered=0.3),
    ],
)
def test_pose_light_tone_and_sharpness_must_be_alike(others: Traits) -> None:
    assert how_well(others=others) == 0


def test_slack_widens_tone_and_age_but_never_pose() -> None:
    assert how_well(replace(DONOR, age=53.0), slack=1.5) > 0
    assert how_well(others=replace(LOOKS, tone=LOOKS.tone - (19, 0, 0)), slack=1.5) > 0
    assert how_well(others=replace(LOOKS, yaw=LOOKS.yaw + 9), slack=1.5) == 0


def test_a_fringe_may_be_given_but_not_mixed_in() -> None:
    fringed = replace(LOOKS, covered=0.3)

    assert suits(DONOR, fringed, DONOR, LOOKS) > 0
    assert suits(DONOR, LOOKS, DONOR, fringed) == 0


def test_beards_of_two_kinds_are_mixed_where_they_are_as_dark() -> None:
    full, goatee = replace(DONOR, beard="full"), replace(DONOR, beard="goatee")
    darker = LOOKS.shading.copy()
    darker[JAW, 0] -= 15

    assert 0 < suits(full, LOOKS, goatee, LOOKS) < suits(full, LOOKS, full, LOOKS)
    assert suits(full, LOOKS, full, replace(LOOKS, shading=darker), slack=2.0) == 0


def test_a_mirrored_head_is_measured_as_its_mirrored_picture() -> None:
    one = head((205, 160, 135), landmarks(nose=4.0))
    one.image[:, :128] //= 2

    turned, seen = traits_of(one).mirrored(), traits_of(mirrored(one))

    assert turned.yaw == pytest.approx(seen.yaw, abs=0.8)
    assert turned.yaw == pytest.approx(-traits_of(one).yaw)
    assert np.abs(turned.shading[:, 0] - seen.shading[:, 0]).mean() < 3
    assert shading(traits_of(one), seen) > 10


def test_hair_is_lent_to_another_age_and_group() -> None:
    other = replace(DONOR, age=DONOR.age + 15, group="white")

    assert suits(other, LOOKS, DONOR, LOOKS) == 0
    assert 0 < lends(other, LOOKS, DONOR, LOOKS) < lends(DONOR, LOOKS, DONOR, LOOKS)


@pytest.mark.parametrize(
    "giver",
    [
        replace(DONOR, age=DONOR.age + MOST_YEARS_OF_HAIR + 1),
        replace(DONOR, group="black"),
        replace(DONOR, sex="male"),
        replace(DONOR, beard="stubble"),
        replace(DONOR, mouth="smile"),
    ],
)
def test_hair_is_not_lent_where_it_would_be_told(giver: Person) -> None:
    assert lends(giver, LOOKS, DONOR, LOOKS) == 0


def test_women_lend_hair_to_men_now_and_then_and_men_to_no_woman() -> None:
    man = replace(DONOR, sex="male")

    assert 0 < lends(DONOR, LOOKS, man, LOOKS) < 0.2 * lends(man, LOOKS, man, LOOKS)
    assert lends(man, LOOKS, DONOR, LOOKS) == 0


def test_hair_is_not_lent_between_complexions_that_differ() -> None:
    """The face takes the tone of whoever lends the hair."""
    assert lends(DONOR, LOOKS, DONOR, replace(LOOKS, tone=LOOKS.tone - (19, 0, 0))) == 0
