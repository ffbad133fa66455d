"""Attributes that every face of a page is to share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pipeline.attributes import TRAITS
from pipeline.fillers.face import Description

SAME: Final = "same"
YES, NO = "yes", "no"
#: Of a description's keys, those that can be locked; baldness is read from the hair.
KEYS: Final = ("sex", "age_group", "ethnicity", "hair", "beard", "baldness")
BALD: Final = "bald"


class CannotLock(ValueError):
    """A lock that cannot be kept; ``str()`` says why in one sentence."""


@dataclass(frozen=True)
class Locks:
    """What is predicted of every face that is shown.

    Attributes:
        values: key of ``KEYS`` → value, as :func:`value_of` gives it.
    """

    values: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values)

    def agree(self, predicted: Description | None) -> bool:
        """Whether a face has all of them, as ``predicted``; never where nothing is predicted."""
        return all(
            predicted is not None and value_of(key, predicted) == value for key, value in self.values.items()
        )

    @classmethod
    def asked(cls, locks: Mapping[str, str], suspect: Description | None) -> "Locks":
        """Resolve what an officer asked for.

        Args:
            locks: key → value, or "same": as predicted for the suspect.
            suspect: what is predicted of the suspect; None where the bundle predicts nothing.

        Raises:
            CannotLock: no such key or value, or nothing that the bundle predicts.
        """
        return cls({key: _resolved(key, wanted, suspect) for key, wanted in locks.items()})


def value_of(key: str, predicted: Description) -> str | None:
    """The value of ``key`` as a word: of yes or no, "yes" or "no"; None where it is not predicted."""
    finding = predicted.get("hair" if key == "baldness" else key)
    if finding is None:
        return None
    value = finding["value"] == BALD if key == "baldness" else finding["value"]
    return (YES if value else NO) if isinstance(value, bool) else str(value)


def _resolved(key: str, wanted: str, suspect: Description | None) -> str:
    if key not in KEYS:
        raise CannotLock(f"There is nothing to lock by the name {key}; there are {', '.join(KEYS)}.")
    found = None if suspect is None else value_of(key, suspect)
    if found is None:
        raise CannotLock(f"This bundle does not predict {key.replace('_', ' ')}, so it cannot be locked.")
    if wanted == SAME:
        return found
    if wanted not in possible(key):
        raise CannotLock(f"{key.replace('_', ' ')} is never {wanted}; it is {', '.join(possible(key))}.")
    return wanted


def possible(key: str) -> list[str]:
    """Values that ``key`` of ``KEYS`` can have."""
    if key == "baldness":
        return [YES, NO]
    (trait,) = (trait for trait in TRAITS if trait.key == key)
    values = [*trait.values.values(), *([] if trait.otherwise is None else [trait.otherwise])]
    return [YES, NO] if isinstance(values[0], bool) else [str(value) for value in values]
