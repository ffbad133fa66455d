"""Locked attributes are those of every face, as predicted."""

from typing import Any

import pytest

from pipeline.attributes.people import PEOPLE
from pipeline.fillers.locks import CannotLock, Locks


def said(**values: Any) -> dict[str, dict[str, Any]]:
    return {key: {"value": value, "confidence": 0.9} for key, value in values.items()}


SUSPECT = said(sex="male", age_group="30-39", ethnicity="white", hair="bald", beard=True)


def test_a_face_with_the_locked_values_agrees_and_another_does_not() -> None:
    locks = Locks.asked({"sex": "male", "beard": "no"}, SUSPECT)

    assert locks.agree(said(sex="male", beard=False, hair="black"))
    assert not locks.agree(said(sex="female", beard=False))
    assert not locks.agree(said(sex="male", beard=True))


def test_same_is_what_is_predicted_of_the_suspect() -> None:
    locks = Locks.asked(dict.fromkeys(("age_group", "beard", "baldness"), "same"), SUSPECT)

    assert locks.values == {"age_group": "30-39", "beard": "yes", "baldness": "yes"}


def test_baldness_is_read_from_the_hair() -> None:
    locks = Locks.asked({"baldness": "no"}, SUSPECT)

    assert locks.agree(said(hair="grey"))
    assert not locks.agree(said(hair="bald"))


def test_a_face_that_nothing_is_predicted_of_agrees_with_no_lock() -> None:
    assert not Locks({"sex": "male"}).agree(None)
    assert Locks().agree(None)


@pytest.mark.parametrize(
    ("locks", "suspect", "why"),
    [
        ({"shoes": "same"}, SUSPECT, "nothing to lock by the name shoes"),
        ({"sex": "same"}, None, "does not predict sex"),
        ({"age_group": "30-39"}, said(sex="male"), "does not predict age group"),
        ({"hair": "green"}, SUSPECT, "hair is never green"),
        ({"beard": "True"}, SUSPECT, "beard is never True"),
    ],
)
def test_what_cannot_be_locked_is_refused(locks: dict[str, str], suspect: Any, why: str) -> None:
    with pytest.raises(CannotLock, match=why):
        Locks.asked(locks, suspect)


PHOTOGRAPHED = said(
    sex="female", age_group="40-49", ethnic_appearance="black", hair=None, hair_length="long", glasses=False
)


def test_what_is_not_known_of_the_suspect_locks_nothing_and_is_told() -> None:
    locks = Locks.asked(dict.fromkeys(("sex", "hair", "baldness"), "same"), PHOTOGRAPHED, PEOPLE)

    assert locks.values == {"sex": "female"}
    assert locks.left_out == ("hair", "baldness")


def test_what_is_not_known_of_the_suspect_can_be_told_by_the_officer() -> None:
    locks = Locks.asked({"hair": "red", "beard": "no"}, PHOTOGRAPHED, PEOPLE)

    assert locks.values == {"hair": "red", "beard": "no"}
    assert locks.left_out == ()


def test_a_face_of_which_it_is_not_known_does_not_keep_a_lock() -> None:
    assert not Locks({"hair": "red"}).agree(PHOTOGRAPHED)
    assert not Locks({"baldness": "no"}).agree(PHOTOGRAPHED)


@pytest.mark.parametrize(
    ("age", "agrees"),
    [("20-29", False), ("30-39", True), ("40-49", True), ("50-59", True), ("60-69", False), (None, False)],
)
def test_the_same_age_of_people_is_the_same_class_or_one_next_to_it(age: str | None, agrees: bool) -> None:
    same = Locks.asked({"age_group": "same"}, PHOTOGRAPHED, PEOPLE)
    told = Locks.asked({"age_group": "40-49"}, PHOTOGRAPHED, PEOPLE)

    assert same.agree(said(age_group=age)) == agrees
    assert told.agree(said(age_group=age)) == (age == "40-49")


def test_the_first_class_of_age_has_one_neighbour() -> None:
    same = Locks.asked({"age_group": "same"}, said(age_group="0-2"), PEOPLE)

    assert same.accepted("age_group") == ("0-2", "3-9")


def test_of_a_bundle_that_predicts_ages_the_same_is_the_same() -> None:
    assert Locks.asked({"age_group": "same"}, SUSPECT).accepted("age_group") == ("30-39",)


@pytest.mark.parametrize(
    ("locks", "why"),
    [
        ({"ethnicity": "same"}, "does not predict ethnicity"),
        ({"hair_length": "curly"}, "hair length is never curly; it is short, long"),
        ({"glasses": "True"}, "glasses is never True; it is yes, no"),
    ],
)
def test_what_a_gallery_does_not_know_cannot_be_locked(locks: dict[str, str], why: str) -> None:
    known = {key: words for key, words in PEOPLE.items() if key != "ethnicity"}

    with pytest.raises(CannotLock, match=why):
        Locks.asked(locks, PHOTOGRAPHED, known)
