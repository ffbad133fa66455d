"""Locked attributes are those of every face, as predicted."""

from typing import Any

import pytest

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
