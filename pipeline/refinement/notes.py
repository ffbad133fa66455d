"""What is known of how a refinement was made."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, Self

from pipeline.refinement.errors import RefinementError

Ended = Literal["time", "no improvement", "enough"]
ENDS: Final = ("time", "no improvement", "enough")


@dataclass(frozen=True)
class Notes:
    """How a refinement was made.

    Attributes:
        bundle: digest of the bundle whose weights were changed.
        method: name of the method.
        photographs: how many it was made for.
        same_person: whether those share one pivot.
        seconds: how long it took, everything included.
        ended: the time was up, nothing improved any more, or somebody was content.
        steps: steps of each phase, by name.
        before, after: losses at the pivots before the first step and after the last, by name: "pixel" is the
            mean squared error of pixels in [-1, 1], "feature" that of the discriminator's features.
        started_from: digest of the earlier refinement that it went on from, or None.
    """

    bundle: str
    method: str
    photographs: int
    same_person: bool
    seconds: float
    ended: Ended
    steps: Mapping[str, int]
    before: Mapping[str, float]
    after: Mapping[str, float]
    started_from: str | None

    def to_json(self) -> str:
        """Always the same text for the same notes."""
        return json.dumps(asdict(self), sort_keys=True, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The inverse of :meth:`to_json`; RefinementError for anything else."""
        try:
            values = json.loads(text)
            notes = cls(**values)
            notes._check()
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise RefinementError(f"its notes cannot be read: {error!r}") from error
        return notes

    def _check(self) -> None:
        """ValueError or TypeError for values of another kind."""
        digests = (self.bundle, self.started_from or self.bundle)
        if not all(isinstance(digest, str) for digest in (*digests, self.method)):
            raise TypeError("digests and names are text")
        if type(self.photographs) is not int or type(self.same_person) is not bool or self.photographs < 1:
            raise TypeError("photographs are counted, and of one person or not")
        if self.ended not in ENDS:
            raise ValueError(f"nothing ends with {self.ended!r}")
        numbers: dict[str, Any] = {**self.steps, **self.before, **self.after, "seconds": self.seconds}
        if not all(
            isinstance(x, (int, float)) and not isinstance(x, bool) and math.isfinite(x)
            for x in numbers.values()
        ):
            raise TypeError("steps, losses and seconds are numbers")
