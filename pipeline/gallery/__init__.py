"""Photographic people who do not exist: blended of portraits, kept in a gallery, composed anew on demand.

What reads pictures is imported when it is first asked for: the command line lists its commands without.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pipeline.gallery.about import SAME_PERSON, About
    from pipeline.gallery.errors import GalleryError
    from pipeline.gallery.gallery import Gallery
    from pipeline.gallery.rows import Portion, Provenance
    from pipeline.gallery.writing import GalleryFace, GalleryWriter

MODULES: Final = {
    "SAME_PERSON": "about",
    "About": "about",
    "Gallery": "gallery",
    "GalleryError": "errors",
    "GalleryFace": "writing",
    "GalleryWriter": "writing",
    "Portion": "rows",
    "Provenance": "rows",
}

__all__ = [
    "SAME_PERSON",
    "About",
    "Gallery",
    "GalleryError",
    "GalleryFace",
    "GalleryWriter",
    "Portion",
    "Provenance",
]


def __getattr__(name: str) -> Any:
    if name not in MODULES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{MODULES[name]}"), name)
