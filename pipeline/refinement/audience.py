"""Who is told how a refinement goes, and who may call it off."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Audience:
    """Callbacks of one refinement.

    Attributes:
        report: is told the share of the time that is over, 0..1, after every step, and 1 at the end.
        preview: is shown the face as it is now, uint8 (r, r, 3), every few seconds; that of the first pivot.
        stopped: is asked before every step; true calls the refinement off.
        enough: is asked likewise; true ends it early with what it has reached.
    """

    report: Callable[[float], None] = lambda fraction: None
    preview: Callable[[np.ndarray], None] | None = None
    stopped: Callable[[], bool] = lambda: False
    enough: Callable[[], bool] = lambda: False
