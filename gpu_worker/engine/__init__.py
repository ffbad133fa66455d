"""Model code of a worker: no jobs, no database, usable from a notebook.

What needs Keras is imported when it is first asked for: a worker that has a gallery alone never loads it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

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


def __getattr__(name: str) -> Any:
    if name not in PLACES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(PLACES[name]), name)
