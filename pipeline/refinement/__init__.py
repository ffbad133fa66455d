"""Refinement: a bundle's networks tuned to one photograph, or two (thesis §3.4.4)."""

from pipeline.refinement.networks import Networks
from pipeline.refinement.refinement import Notes, Refinement, RefinementError
from pipeline.refinement.refiner import DEFAULT_METHOD, METHODS, Refiner
from pipeline.refinement.running import Callbacks
from pipeline.refinement.time_limit import TimeLimit

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
