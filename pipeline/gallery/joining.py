"""Two galleries made into one: of two stations, or of two builds of the same photographs."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipeline.gallery import gallery as opened
from pipeline.gallery.about import EACH_OTHER, About
from pipeline.gallery.copying import append_packs, rows_of
from pipeline.gallery.errors import GalleryError
from pipeline.gallery.gallery import Gallery, unit
from pipeline.gallery.leaving_out import LEFT_OUT
from pipeline.gallery.rows import MOST_SOURCES
from pipeline.gallery.writing import sealed
from pipeline.whole_files import new_folder

TWINS: Final = f"{LEFT_OUT}a face of the gallery that it was joined to"
#: What both must have alike: members of one lineup come from both.
ALIKE: Final = {
    "licence": "licences",
    "wall": "walls",
    "garment": "garments",
    "same_person": "limits of identity",
    "stranger_share": "shares of strangers",
    "attributes": "words for what they show",
    "measures": "measures",
    "reliability": "figures of reliability",
    "picture_quality": "qualities of pictures",
    "matte_quality": "qualities of mattes",
    "coarse_scale": "scales of coarse identities",
}
#: Figures of which the largest of the two counts; of others the smallest, of those left out the sum.
LARGEST: Final = frozenset({"identity_to_any_portrait"})
ROWS: Final = 1024


def joined(one: Gallery, other: Gallery, folder: Path, *, same_photographs: bool = False) -> Gallery:
    """Write a gallery of all faces of the first, and those of the second who are nobody of the first.

    What is kept of every face stays as it is to the bit, but the numbers of the second's faces, which go on
    after the first's.

    Args:
        folder: is made.
        same_photographs: both were built of the same ones, so that a number names the same portrait in both:
            nobody's hair is shown twice on a page. Without, the second's numbers go on after the first's.

    Raises:
        GalleryError: the folder is there already, or the two do not go together.
    """
    if folder.exists():
        raise GalleryError(f"{folder} is there already; a gallery is never written over")
    if differing := [words for name, words in ALIKE.items() if _of(one, name) != _of(other, name)]:
        raise GalleryError(f"the two galleries have different {' and '.join(differing)}")
    everybody, kept = np.arange(len(one)), _strangers(one, other)
    about = _about(one.about, other.about, twins=len(other) - len(kept))
    table = _table(one, other, kept, same_photographs=same_photographs)
    with new_folder(folder) as partial:
        np.save(partial / opened.FACES, table)
        for name in (opened.EMBEDDINGS, opened.LANDMARKS):
            both = [rows_of(one, name, everybody), rows_of(other, name, kept)]
            np.save(partial / name, np.concatenate(both))
        append_packs(one, everybody, partial)
        append_packs(other, kept, partial)
        sealed(partial, about, len(table))
    return Gallery.open(folder)


def _of(gallery: Gallery, name: str) -> Any:
    return getattr(gallery.about, name)


def _strangers(one: Gallery, other: Gallery) -> npt.NDArray[np.intp]:
    """Places of the second's faces who are nobody of the first."""
    known = unit(np.asarray(one.embeddings, np.float32))
    found = []
    for start in range(0, len(other), ROWS):
        some = unit(np.asarray(other.embeddings[start : start + ROWS], np.float32))
        nearest = (some @ known.T).max(axis=1)
        found.append(start + np.flatnonzero(nearest < EACH_OTHER))
    return np.concatenate(found)


def _table(
    one: Gallery, other: Gallery, kept: npt.NDArray[np.intp], *, same_photographs: bool
) -> npt.NDArray[Any]:
    """Rows of both; of the second numbers of faces, and of other portraits, go on after the first's."""
    first, second = np.array(one.table), np.array(other.table[kept])
    second["number"] += first["number"].max() + np.uint32(1)
    if not same_photographs:
        beyond = first["sources"].max() + np.uint32(1)
        named = np.arange(MOST_SOURCES) < np.maximum(1, (second["shares"] > 0).sum(axis=1))[:, None]
        second["sources"] += beyond * named.astype(second["sources"].dtype)
    return np.concatenate([first, second])


def _about(one: About, other: About, *, twins: int) -> About:
    provenance = " ".join(dict.fromkeys((one.provenance, other.provenance)))
    figures = _figures(one.figures, other.figures)
    if twins:
        figures[TWINS] = figures.get(TWINS, 0) + twins
    return replace(one, provenance=provenance, casework=one.casework and other.casework, figures=figures)


def _figures(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What is true of both together; figures that only one has are true of nobody else."""
    left_out = {name for name in (*one, *other) if name.startswith(LEFT_OUT)}
    figures = {name: one.get(name, 0) + other.get(name, 0) for name in left_out}
    for name in set(one) & set(other) - left_out:
        figures[name] = (max if name in LARGEST else min)(one[name], other[name])
    return figures
