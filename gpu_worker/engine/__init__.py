"""Model code of a worker: no jobs, no database, usable from a notebook.

What needs Keras is imported when it is first asked for: a worker that has a gallery alone never loads it.
"""

from typing import TYPE_CHECKING, Final

from pipeline.later import later
from pipeline.stopping import Stopped

if TYPE_CHECKING:
    from gpu_worker.engine.engine import Engine
    from gpu_worker.engine.gallery_engine import GalleryEngine
    from pipeline.networks.bundle import BundleError
    from pipeline.refinement import Notes, Refinement, RefinementError

PLACES: Final = {
    "BundleError": "pipeline.networks.bundle",
    "Engine": "gpu_worker.engine.engine",
    "GalleryEngine": "gpu_worker.engine.gallery_engine",
    "Notes": "pipeline.refinement",
    "Refinement": "pipeline.refinement",
    "RefinementError": "pipeline.refinement",
}

__all__ = [
    "BundleError",
    "Engine",
    "GalleryEngine",
    "Notes",
    "Refinement",
    "RefinementError",
    "Stopped",
]


__getattr__ = later(__name__, PLACES)
