"""How real a face looks, as a rank among a generator's own (see ``pipeline.evaluation.annotation.scale``)."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class RealismScale:
    """Logits of a generator's own faces: what others are ranked among.

    Attributes:
        logits: float (n,), ascending.
    """

    logits: np.ndarray

    def realism(self, logits: np.ndarray) -> np.ndarray:
        """Share of the generator's faces that are less real, ties half: logits (n,) → float (n,), 0..1."""
        below = np.searchsorted(self.logits, logits, side="left")
        up_to = np.searchsorted(self.logits, logits, side="right")
        return np.asarray((below + up_to) / (2 * len(self.logits)))
