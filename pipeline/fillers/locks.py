"""Attributes that every face of a page is to share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from pipeline.attributes import AGES, TRAITS
from pipeline.attributes.description import Value
from pipeline.fillers.face import Description

SAME: Final = "same"
YES, NO = "yes", "no"
#: Of a description's keys, those that can be locked. Where nothing is said of baldness, it is read from hair.
KEYS: Final = (
    "sex",
    "age_group",
    "ethnicity",
    "ethnic_appearance",
    "hair",
    "hair_length",
    "beard",
    "baldness",
    "glasses",
)
BALD: Final = "bald"
#: Keys whose values are in an order, of which neighbours are hard to tell apart.
ORDERED: Final[Mapping[str, Sequence[str]]] = MappingProxyType({"age_group": AGES})


def _values_of_traits() -> dict[str, tuple[Value, ...]]:
    return {
        trait.key: (*trait.values.values(), *(() if trait.otherwise is None else (trait.otherwise,)))
        for trait in TRAITS
    }


#: Key → values that the attribute models of a bundle may predict (thesis §3.3).
PREDICTED: Final[Mapping[str, tuple[Value, ...]]] = MappingProxyType(_values_of_traits())


class CannotLock(ValueError):
    """A lock that cannot be kept; ``str()`` says why in one sentence."""


@dataclass(frozen=True)
class Locks:
    """What is predicted of every face that is shown.

    Attributes:
        values: key of ``KEYS`` → value, as :func:`value_of` gives it.
        nearly: keys of ``ORDERED`` of which the neighbours of the value do as well.
        left_out: keys that were to be as the suspect's, which is not known: they lock nothing.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    nearly: frozenset[str] = frozenset()
    left_out: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.values)

    def agree(self, predicted: Description | None) -> bool:
        """Whether a face has all of them, as ``predicted``; never where nothing is predicted or known."""
        return all(
            predicted is not None and value_of(key, predicted) in self.accepted(key) for key in self.values
        )

    def accepted(self, key: str) -> tuple[str, ...]:
        """Values of ``key``, which is locked, that faces may have."""
        value = self.values[key]
        if key not in self.nearly:
            return (value,)
        place = list(ORDERED[key]).index(value)
        return tuple(ORDERED[key][max(0, place - 1) : place + 2])

    @classmethod
    def asked(
        cls,
        locks: Mapping[str, str],
        suspect: Description | None,
        known: Mapping[str, Sequence[Value]] | None = None,
    ) -> "Locks":
        """Resolve what an officer asked for.

        Of people on photographs, described by ``known`` words, the same age means the same class or one next
        to it: a witness is no surer, and nor is a description.

        Args:
            locks: key → value, or "same": as predicted for the suspect.
            suspect: what is predicted of the suspect; None where the bundle predicts nothing.
            known: key → values, of a source that describes its faces by words of its own; None: what is
                predicted of the suspect is what is predicted of faces.

        Raises:
            CannotLock: no such key or value, or nothing that is known of faces.
        """
        values: dict[str, str] = {}
        left_out: list[str] = []
        for key, wanted in locks.items():
            resolved = _resolved(key, wanted, suspect, known)
            if resolved is None:
                left_out.append(key)
            else:
                values[key] = resolved
        same = {key for key in values if key in ORDERED and locks[key] == SAME}
        return cls(values, frozenset(same if known is not None else ()), tuple(left_out))


def value_of(key: str, predicted: Description) -> str | None:
    """The value of ``key`` as a word: of yes or no, "yes" or "no"; None where it is not known."""
    from_hair = key == "baldness" and key not in predicted
    finding = predicted.get("hair" if from_hair else key)
    if finding is None or finding["value"] is None:
        return None
    return word_of(finding["value"] == BALD if from_hair else finding["value"])


def word_of(value: Value) -> str:
    """A value as a lock has it."""
    return (YES if value else NO) if isinstance(value, bool) else str(value)


def _resolved(
    key: str, wanted: str, suspect: Description | None, known: Mapping[str, Sequence[Value]] | None
) -> str | None:
    """What faces are to have; None where that is to be the suspect's, which is not known."""
    if key not in KEYS:
        raise CannotLock(f"There is nothing to lock by the name {key}; there are {', '.join(KEYS)}.")
    said = suspect is not None and (key in suspect or (key == "baldness" and "hair" in suspect))
    if not (said if known is None else key in known):
        raise CannotLock(f"This bundle does not predict {key.replace('_', ' ')}, so it cannot be locked.")
    if wanted == SAME:
        return None if suspect is None else value_of(key, suspect)
    if wanted not in (values := possible(key, PREDICTED if known is None else known)):
        raise CannotLock(f"{key.replace('_', ' ')} is never {wanted}; it is {', '.join(values)}.")
    return wanted


def possible(key: str, known: Mapping[str, Sequence[Value]] = PREDICTED) -> list[str]:
    """Values that ``key`` of ``KEYS`` can have."""
    if key == "baldness":
        return [YES, NO]
    values = known[key]
    return [YES, NO] if isinstance(values[0], bool) else [word_of(value) for value in values]
