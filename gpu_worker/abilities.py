"""What may be asked of the engine's faces, in the words of the site."""

from typing import TYPE_CHECKING

import numpy as np

from lineups.abilities import SAME, Abilities, Lock

if TYPE_CHECKING:
    from gpu_worker.engine import Engine


def abilities(engine: "Engine") -> Abilities:
    """Attributes that its faces can be held to, and directions in which they can be changed."""
    from pipeline.fillers.locks import KEYS, possible, value_of

    side = engine.resolution
    said = engine.describe(np.zeros((1, side, side, 3), np.uint8))[0] or {}
    predicted = [key for key in KEYS if value_of(key, said) is not None]
    locks = [Lock(key, [SAME, *possible(key)]) for key in predicted]
    return Abilities(locks=locks, adjustments=list(engine.directions.vectors))
