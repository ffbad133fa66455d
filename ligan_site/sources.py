"""Which sources of faces there are, and what makes the faces, as the environment says."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal, get_args

from django.core.exceptions import ImproperlyConfigured

NONE: Final = "none"
GALLERY, GENERATOR = "gallery", "generator"
Runtime = Literal["auto", "openvino", "tensorflow"]


def runtime(named: str) -> Runtime:
    """What runs a bundle's networks; ImproperlyConfigured for a name that is none."""
    known: tuple[Runtime, ...] = get_args(Runtime)
    for one in known:
        if one == named:
            return one
    raise ImproperlyConfigured(f"LIGAN_RUNTIME is one of {', '.join(known)}, not {named}.")


def gallery_folder(named: str, *, shipped: Path) -> Path | None:
    """The folder of the gallery: the ``named`` one, the ``shipped`` one if it is there, or none."""
    if named == NONE:
        return None
    if named:
        return Path(named).absolute()
    return shipped if shipped.is_dir() else None


def sources(named: Sequence[str], *, gallery: Path | None) -> list[str]:
    """The sources that workers offer, the default first: the ``named`` ones, or all that there are.

    Raises:
        ImproperlyConfigured: a name that is none, or the gallery where there is no folder of one.
    """
    if not named:
        return [GENERATOR] if gallery is None else [GALLERY, GENERATOR]
    if unknown := sorted(set(named) - {GALLERY, GENERATOR}):
        raise ImproperlyConfigured(f"LIGAN_SOURCES knows gallery and generator, not {', '.join(unknown)}.")
    if GALLERY in named and gallery is None:
        raise ImproperlyConfigured("LIGAN_SOURCES names the gallery, but LIGAN_GALLERY no folder.")
    return list(dict.fromkeys(named))
