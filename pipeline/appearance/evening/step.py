"""What was done to the pictures of a lineup, one line a step, for the recipe and the trail."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.appearance.evening.targets import Targets, Values


@dataclass(frozen=True)
class Step:
    """One measure that was evened out.

    Attributes:
        name: of the measure.
        moved: whose pictures: "nobody", "fillers", "suspect" or "all".
        before, wanted: of the suspect and, the median, of the fillers; in the measure's unit, None where not
            known or not a number.
    """

    name: str
    moved: str
    before: tuple[float | None, float | None] = (None, None)
    wanted: tuple[float | None, float | None] = (None, None)

    @classmethod
    def of(cls, name: str, found: Targets) -> "Step":
        """The step that leads to ``found``."""
        return cls(name, found.moved, _pair(found.before), _pair(found.wanted))

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "name": self.name,
            "moved": self.moved,
            "before": dict(zip(("suspect", "fillers"), self.before, strict=True)),
            "wanted": dict(zip(("suspect", "fillers"), self.wanted, strict=True)),
        }


def _pair(values: Values) -> tuple[float | None, float | None]:
    fillers = float("nan") if np.isnan(values[1:]).all() else float(np.nanmedian(values[1:]))
    return _plain(float(values[0])), _plain(fillers)


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)
