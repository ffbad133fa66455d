"""What may be asked of the faces of a page beyond being like the one that they start from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

MOST_ADJUSTMENT: Final = 3.0
"""How far a slider goes to either side, in the bundle's own steps."""

SAME: Final = "same"
"""The value of a lock that asks for whatever is predicted of the suspect."""


@dataclass(frozen=True)
class FaceConstraints:
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
        return {name: constraint for name, constraint in asked.items() if constraint not in ({}, None)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`; what else ``values`` holds is passed over."""
        return cls(
            locks=values.get("locks", {}), distance=values.get("distance"), adjust=values.get("adjust", {})
        )


UNCONSTRAINED: Final = FaceConstraints()
