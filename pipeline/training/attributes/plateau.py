"""What the validation loss decides: a lower learning rate, the end of a phase."""

from dataclasses import dataclass

from pipeline.training.attributes.config import Patience


@dataclass(frozen=True)
class Plateau:
    """How a phase has gone so far.

    Attributes:
        lowest: validation loss, None before the first epoch.
        since: epochs since then.
        held: epochs since then or since the learning rate was last reduced.
        scale: what the schedule's learning rate is multiplied by.
    """

    lowest: float | None = None
    since: int = 0
    held: int = 0
    scale: float = 1.0

    def after(self, loss: float, patience: Patience) -> "Plateau":
        """The same after another epoch."""
        if self.lowest is None or loss < self.lowest:
            return Plateau(loss, 0, 0, self.scale)
        if self.held + 1 >= patience.reduce_after:
            return Plateau(self.lowest, self.since + 1, 0, self.scale * patience.factor)
        return Plateau(self.lowest, self.since + 1, self.held + 1, self.scale)

    def ended(self, patience: Patience) -> bool:
        """Whether the phase should go on no longer."""
        return self.since >= patience.stop_after
