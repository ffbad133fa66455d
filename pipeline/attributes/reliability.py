"""How often a description is right: what is to be said beside every prediction."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """Of one key of a description, measured on faces that the model was not taught with.

    Attributes:
        accuracy: share of faces whose value is right, 0..1.
        n: faces.
        measured_on: what faces, for people to read.
        real_people: whether these were photographs of real people. Else the site says beside every prediction
            that it says nothing reliable about them.
        near: for age groups, the share that is right or in a neighbouring group.
        by_group: "sex", "age_group" or "ethnicity" → group → (accuracy, faces): how well each group of people
            is served.
    """

    accuracy: float
    n: int
    measured_on: str
    real_people: bool = False
    near: float | None = None
    by_group: Mapping[str, Mapping[str, "Share"]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; ``near`` only where it is known."""
        values = asdict(self)
        if self.near is None:
            del values["near"]
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Reliability":
        """The inverse of :meth:`to_dict`."""
        groups = {
            name: {group: Share(**share) for group, share in shares.items()}
            for name, shares in values["by_group"].items()
        }
        return cls(**{**values, "by_group": groups})


@dataclass(frozen=True)
class Share:
    """Share of the faces of a group whose value is right."""

    accuracy: float
    n: int
