"""Refinement: a bundle's networks tuned to one photograph, or two (thesis §3.4.4)."""

from pipeline.networks.refinement.audience import Audience
from pipeline.networks.refinement.errors import RefinementError
from pipeline.networks.refinement.methods import DEFAULT_METHOD, METHODS
from pipeline.networks.refinement.networks import Networks
from pipeline.networks.refinement.notes import Notes
from pipeline.networks.refinement.refinement import Refinement
from pipeline.networks.refinement.refiner import Refiner
from pipeline.networks.refinement.time_limit import TimeLimit

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
