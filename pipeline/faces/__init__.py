"""Faces in photographs: finding them, choosing the one that is meant, cutting it out.

What Listing 2 of the thesis needs can be imported from here; a module is loaded when its name is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pipeline.faces.colour import convert_to_rgb
    from pipeline.faces.dataset import FacesDataset
    from pipeline.faces.extract import extract_face
    from pipeline.faces.filters import color_filter, quality_filter, size_filter
    from pipeline.faces.similar import remove_too_similar, remove_too_similar_to_any

__all__ = [
    "FacesDataset",
    "color_filter",
    "convert_to_rgb",
    "extract_face",
    "quality_filter",
    "remove_too_similar",
    "remove_too_similar_to_any",
    "size_filter",
]

_MODULES: Final = {
    "FacesDataset": "dataset",
    "color_filter": "filters",
    "convert_to_rgb": "colour",
    "extract_face": "extract",
    "quality_filter": "filters",
    "remove_too_similar": "similar",
    "remove_too_similar_to_any": "similar",
    "size_filter": "filters",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
