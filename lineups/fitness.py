"""What a bundle or a gallery is fit for, as it says itself; until it says so with figures: for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

MARK: Final = "Demonstration, not for casework"
"""Stands on every page, picture and document that a bundle fit for casework has not vouched for."""


@dataclass(frozen=True)
class Fitness:
    """What faces may be used for.

    Attributes:
        casework: whether a lineup of them may be shown to a witness.
        figures: what that was measured by, by name.
    """

    casework: bool = False
    figures: Mapping[str, float] = field(default_factory=dict)

    @property
    def mark(self) -> str | None:
        """What must be said of the faces; None where nothing must."""
        return None if self.casework else MARK

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"casework": self.casework, "figures": dict(self.figures)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """What ``bundle.json``, ``gallery.json`` or a worker says: ``casework``, and the ``figures`` for it.

        Nothing but the JSON value true says that faces are fit, and only beside figures.
        """
        told = values.get("figures")
        figures = (
            {name: one for name, one in told.items() if _is_figure(one)} if isinstance(told, Mapping) else {}
        )
        return cls(values.get("casework") is True and bool(figures), figures)


UNFIT: Final = Fitness()


def mark(*, casework: bool) -> str | None:
    """What must be said of faces that are, or are not, fit for casework."""
    return Fitness(casework).mark


def _is_figure(value: object) -> bool:
    """Whether it is a number: whoever wrote a bundle may have noted something else beside them."""
    return isinstance(value, int | float) and not isinstance(value, bool)
