"""Leaving faces out of a gallery: those that somebody, or another check, has found unfit."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from pipeline.command_line import BadInput
from pipeline.gallery import gallery as opened
from pipeline.gallery.copying import append_packs, rows_of
from pipeline.gallery.errors import GalleryError
from pipeline.gallery.gallery import Gallery
from pipeline.gallery.writing import sealed
from pipeline.whole_files import new_folder

LEFT_OUT: Final = "left out: "
"""Begins the entries of a gallery's figures that say how many, by reason."""


def read_unfit(path: Path) -> dict[int, str]:
    """Read which faces are unfit: a line each, the face's number as reports have it, and the reason.

    Raises:
        BadInput: no such file, or a line that is not so.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}.") from error
    unfit: dict[int, str] = {}
    for place, line in enumerate(lines, start=1):
        number, _, reason = line.strip().partition(" ")
        if not number:
            continue
        if not number.isdecimal() or not reason.strip():
            raise BadInput(f"{path}, line {place} is not a face's number and the reason.")
        unfit[int(number)] = reason.strip()
    return unfit


def without(gallery: Gallery, unfit: Mapping[int, str], folder: Path) -> Gallery:
    """Write a gallery of all faces but those; what is kept of the others stays as it is to the bit.

    Args:
        unfit: number of a face → the reason, which the gallery's figures count.
        folder: is made.

    Raises:
        BadInput: a number that no face has.
        GalleryError: the folder is there already, or no face would be left.
    """
    if folder.exists():
        raise GalleryError(f"{folder} is there already; a gallery is never written over")
    numbers = gallery.table["number"].tolist()
    if unknown := sorted(set(unfit) - set(numbers)):
        raise BadInput(f"no face of the gallery has the number {unknown[0]}.")
    kept = np.array([place for place, number in enumerate(numbers) if number not in unfit], np.intp)
    if not len(kept):
        raise GalleryError("a gallery has at least one face")
    reasons = Counter(unfit[number] for number in numbers if number in unfit)
    figures = dict(gallery.about.figures)
    for reason, count in sorted(reasons.items()):
        figures[LEFT_OUT + reason] = figures.get(LEFT_OUT + reason, 0) + count
    about = replace(gallery.about, figures=figures)
    with new_folder(folder) as partial:
        for name in (opened.FACES, opened.EMBEDDINGS, opened.LANDMARKS):
            np.save(partial / name, rows_of(gallery, name, kept))
        append_packs(gallery, kept, partial)
        sealed(partial, about, len(kept))
    return Gallery.open(folder)
