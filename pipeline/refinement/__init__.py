"""Refinement: a bundle's networks tuned to one photograph, or two (thesis §3.4.4)."""

from pipeline.refinement.audience import Audience
from pipeline.refinement.errors import RefinementError
from pipeline.refinement.methods import DEFAULT_METHOD, METHODS
from pipeline.refinement.networks import Networks
from pipeline.refinement.notes import Notes
from pipeline.refinement.refinement import Refinement
from pipeline.refinement.refiner import Refiner
from pipeline.refinement.time_limit import TimeLimit

__all__ = [
    "DEFAULT_METHOD",
    "METHODS",
    "Audience",
    "Networks",
    "Notes",
    "Refinement",
    "RefinementError",
    "Refiner",
    "TimeLimit",
]
