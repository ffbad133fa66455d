"""Model code of a worker: no jobs, no database, usable from a notebook."""

from gpu_worker.engine.engine import Engine
from gpu_worker.engine.made import Description, Made, Neighbours
from pipeline.fillers import CannotLock, NoDirection
from pipeline.networks.bundle import BundleError
from pipeline.refinement import Notes, Refinement, RefinementError
from pipeline.stopping import Stopped

__all__ = [
    "BundleError",
    "CannotLock",
    "Description",
    "Engine",
    "Made",
    "Neighbours",
    "NoDirection",
    "Notes",
    "Refinement",
    "RefinementError",
    "Stopped",
]
