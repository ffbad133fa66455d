"""Refinement: a bundle's networks tuned to one photograph, or two (thesis §3.4.4).

What is kept of one is read without Keras.
"""

from typing import TYPE_CHECKING, Final

from pipeline.later import later
from pipeline.refinement.callbacks import Callbacks
from pipeline.refinement.refinement import DEFAULT_METHOD, Notes, Refinement, RefinementError
from pipeline.refinement.time_limit import TimeLimit

if TYPE_CHECKING:
    from pipeline.refinement.networks import Networks
    from pipeline.refinement.refiner import METHODS, Refiner

PLACES: Final = {
    "METHODS": "pipeline.refinement.refiner",
    "Networks": "pipeline.refinement.networks",
    "Refiner": "pipeline.refinement.refiner",
}

__all__ = [
    "DEFAULT_METHOD",
    "METHODS",
    "Callbacks",
    "Networks",
    "Notes",
    "Refinement",
    "RefinementError",
    "Refiner",
    "TimeLimit",
]

__getattr__ = later(__name__, PLACES)
