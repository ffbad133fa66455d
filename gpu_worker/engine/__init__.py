"""Model code of a worker: no jobs, no database, usable from a notebook."""

from gpu_worker.engine.engine import Engine
from pipeline.networks.bundle import BundleError
from pipeline.refinement import Notes, Refinement, RefinementError
from pipeline.stopping import Stopped

__all__ = [
    "BundleError",
    "Engine",
    "Notes",
    "Refinement",
    "RefinementError",
    "Stopped",
]
