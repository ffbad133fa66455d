"""From an archive of photographs to a training set.

What Listing 2 of the thesis needs can be imported from here. A module is loaded when its name is first used:
the command line imports this package to list its commands.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pipeline.dataset.dataset import FacesDataset
    from pipeline.dataset.extract import extract_face
    from pipeline.dataset.filters import color_filter, quality_filter, size_filter
    from pipeline.dataset.similar import remove_too_similar, remove_too_similar_to_any
    from pipeline.faces.photo import convert_to_rgb

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
    "FacesDataset": "pipeline.dataset.dataset",
    "color_filter": "pipeline.dataset.filters",
    "convert_to_rgb": "pipeline.faces.photo",
    "extract_face": "pipeline.dataset.extract",
    "quality_filter": "pipeline.dataset.filters",
    "remove_too_similar": "pipeline.dataset.similar",
    "remove_too_similar_to_any": "pipeline.dataset.similar",
    "size_filter": "pipeline.dataset.filters",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
