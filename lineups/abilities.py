"""What may be asked of the faces that a bundle makes, as its worker says when it has loaded it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Self

MOST_ADJUSTMENT: Final = 3.0
"""How far a slider goes to either side, in the bundle's own steps."""

SAME: Final = "same"
"""The value of a lock that asks for whatever is predicted of the suspect."""

USUAL: Final = ("sex", "beard", "baldness")
"""What fillers share with the suspect unless the officer asks for something else.

Fillers must not make the suspect stand out (Wells et al. 2020, recommendation 4). One of the other sex, a
shaven one beside a bearded suspect or one with hair beside a bald one is ruled out by anybody who knows the
witness's description.
"""


@dataclass(frozen=True)
class Lock:
    """An attribute that the faces of a page can be held to, and the values that it may have."""

    name: str
    values: Sequence[str]

    @property
    def usual(self) -> str | None:
        """The value that is asked for where the officer has chosen none."""
        return SAME if self.name in USUAL else None


@dataclass(frozen=True)
class Abilities:
    """What a bundle can do beside making faces.

    Attributes:
        locks: attributes that its models predict, in their order.
        adjustments: directions in which a face can be changed, such as age; each takes -3 to 3.
    """

    locks: Sequence[Lock] = ()
    adjustments: Sequence[str] = ()

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"locks": [asdict(lock) for lock in self.locks], "adjustments": list(self.adjustments)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`; what is missing cannot be asked for."""
        locks = [Lock(one["name"], list(one["values"])) for one in values.get("locks", [])]
        return cls(locks, list(values.get("adjustments", [])))

    def refuses_lock(self, name: str, value: str) -> str | None:
        """Why faces cannot be held to ``value`` of ``name``, in one sentence; None where they can."""
        known = {lock.name: lock.values for lock in self.locks}
        if not known:
            return "The model that is in use predicts no attributes, so none can be locked."
        if name not in known:
            return f"The attribute {name!r} cannot be locked. Choose among {', '.join(known)}."
        if value not in known[name]:
            return f"{name} cannot be {value!r}. Choose among {', '.join(known[name])}."
        return None

    def refuses_adjustment(self, name: str) -> str | None:
        """Why a face cannot be changed in ``name``, in one sentence; None where it can."""
        if not self.adjustments:
            return "The model that is in use knows no directions in which a face could be changed."
        if name not in self.adjustments:
            return f"A face cannot be changed in {name!r}. Choose among {', '.join(self.adjustments)}."
        return None


@dataclass(frozen=True)
class Wishes:
    """What is asked of the faces of a page.

    Attributes:
        locks: value by attribute.
        distance: from the suspect, 0 (as near as fair) to 1; None: as the page says.
        adjust: steps by direction: "like this one, but".
    """

    locks: Mapping[str, str] = field(default_factory=dict)
    distance: float | None = None
    adjust: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As JSON: only what is asked for."""
        adjust = {name: step for name, step in self.adjust.items() if step}
        asked = {"locks": dict(self.locks), "distance": self.distance, "adjust": adjust}
        return {name: wish for name, wish in asked.items() if wish not in ({}, None)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        return cls(
            locks=values.get("locks", {}), distance=values.get("distance"), adjust=values.get("adjust", {})
        )


NO_WISHES: Final = Wishes()
