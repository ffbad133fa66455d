"""What may be asked of the engine's faces, in the words of the site."""

import numpy as np

from gpu_worker.engine import Engine
from lineups.capabilities import Capabilities, Lock
from lineups.constraints import SAME
from lineups.fitness import Fitness
from lineups.sources import Source
from pipeline.fillers.locks import KEYS, possible, value_of


def capabilities(engine: Engine) -> Capabilities:
    """Attributes that its faces can be held to, and directions in which they can be changed."""
    side = engine.resolution
    predicted = engine.describe(np.zeros((1, side, side, 3), np.uint8))[0] or {}
    known = [key for key in KEYS if value_of(key, predicted) is not None]
    locks = [Lock.of(Source.GENERATOR, key, [SAME, *possible(key)]) for key in known]
    return Capabilities(locks, list(engine.directions.vectors), fitness(engine))


def fitness(engine: Engine) -> Fitness:
    """What its faces may be used for, as its bundle says."""
    return Fitness.from_dict(engine.manifest)
