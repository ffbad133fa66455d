"""From an archive of photographs to a training set.

What Listing 2 of the thesis needs can be imported from here; a module is loaded when its name is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pipeline.dataset.colour import convert_to_rgb
    from pipeline.dataset.dataset import FacesDataset
    from pipeline.dataset.extract import extract_face
    from pipeline.dataset.filters import color_filter, quality_filter, size_filter
    from pipeline.dataset.similar import remove_too_similar, remove_too_similar_to_any

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
