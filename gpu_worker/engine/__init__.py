"""Model code of a worker: no jobs, no database, usable from a notebook."""

from gpu_worker.engine.engine import Description, Engine
from gpu_worker.engine.made import Made, Stopped
from pipeline.networks.bundle import BundleError

__all__ = ["BundleError", "Description", "Engine", "Made", "Stopped"]
