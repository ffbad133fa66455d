"""Model code of a worker: no jobs, no database, usable from a notebook."""

from gpu_worker.engine.engine import Description, Engine
from gpu_worker.engine.made import Made
from pipeline.networks.bundle import BundleError
from pipeline.networks.refinement import Notes, Refinement, RefinementError
from pipeline.networks.stopping import Stopped

__all__ = [
    "BundleError",
    "Description",
    "Engine",
    "Made",
    "Notes",
    "Refinement",
    "RefinementError",
    "Stopped",
]
