"""What is known of a face: what a model predicts of it, and what an officer has said instead."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict

from lineups.constraints import SAME, FaceConstraints

YES, NO = "yes", "no"
HAIR, BALD, BALDNESS = "hair", "bald", "baldness"
NEARLY: Final = ("age_group",)
"""What is in an order, so that a worker takes the same to be the same or next to it."""
UNKNOWN: Final = None
"""The value of a finding that the model was not sure enough of: it locks nothing; the officer is asked."""


class Statement(TypedDict):
    """What an officer says of one attribute of the person on a photograph.

    ``value`` is a word that a lock can have, ``by`` the user name of whoever said it, ``at`` when, in UTC.
    """

    name: str
    value: str
    by: str
    at: str


class Findings:
    """What is known of one face, as words that locks have.

    Args:
        predicted: predictions as they are stored; ``value`` None is unknown.
        stated: what officers said; it counts before what is predicted.
    """

    def __init__(self, predicted: Sequence[Mapping[str, Any]] | None, stated: Sequence[Statement]) -> None:
        self._findings = {
            one["name"]: {"value": one["value"], "confidence": one.get("confidence", 0.0)}
            for one in predicted or ()
        }
        self._predicted = {name: one["value"] for name, one in self._findings.items()}
        self._stated = {one["name"]: one["value"] for one in stated}

    def stated(self, name: str) -> str | None:
        """What an officer said; None where nobody said anything."""
        return self._stated.get(name)

    def unknown(self, name: str) -> bool:
        """Whether the model was asked for ``name`` and could not tell, and nobody has said it since."""
        if name in self._stated:
            return False
        # Where nothing is said of baldness, it is read from the hair.
        asked = HAIR if name == BALDNESS and name not in self._predicted else name
        return asked in self._predicted and self._predicted[asked] is UNKNOWN

    def resolved(self, constraints: FaceConstraints) -> FaceConstraints:
        """``constraints`` with "same" as what was stated; what is unknown locks nothing.

        Of an age, "same" stays: it takes the neighbouring groups in, as a witness does.
        """
        locks = {
            name: self._stated.get(name, value) if value == SAME and name not in NEARLY else value
            for name, value in constraints.locks.items()
            if not (value == SAME and self.unknown(name))
        }
        return FaceConstraints(locks, constraints.distance, constraints.adjust)

    def told(self) -> dict[str, dict[str, Any]]:
        """Name → value and confidence, as the models of a worker have it, what was stated in its place."""
        said = {name: {"value": _plain(value), "confidence": 1.0} for name, value in self._stated.items()}
        return {**self._findings, **said}


def _plain(value: str) -> str | bool:
    """A word that a lock has, as a model says it."""
    return {YES: True, NO: False}.get(value, value)
