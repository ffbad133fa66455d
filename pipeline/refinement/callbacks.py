"""How a refinement's caller follows it and ends it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Callbacks:
    """How a refinement's caller follows it and ends it.

    Attributes:
        report: is given the share of the time that is over, 0..1, after every step, and 1 at the end.
        preview: is given the face as it is now, uint8 (r, r, 3), every few seconds; that of the first pivot.
        stopped: is asked before every step; true cancels the refinement, and nothing is kept.
        stop_requested: is asked likewise; true ends the refinement early with what it has reached.
    """

    report: Callable[[float], None] = lambda fraction: None
    preview: Callable[[np.ndarray], None] | None = None
    stopped: Callable[[], bool] = lambda: False
    stop_requested: Callable[[], bool] = lambda: False
