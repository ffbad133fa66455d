"""Faces taken over from one gallery into another, to the bit."""

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.gallery import gallery as opened
from pipeline.gallery.gallery import Gallery

Places = npt.NDArray[np.intp]
#: Packs of pictures, and the column of the table that says how many bytes each has.
PACKS: Final = ((opened.PICTURES, "picture"), (opened.MATTES, "matte"))


def rows_of(gallery: Gallery, name: str, places: Places) -> npt.NDArray[np.generic]:
    """Rows of an array of a gallery."""
    return np.asarray(np.load(gallery.folder / name, mmap_mode="r")[places])


def append_packs(gallery: Gallery, places: Places, folder: Path) -> None:
    """Write pictures and mattes of some faces behind those that ``folder`` has."""
    for name, column in PACKS:
        ends = np.cumsum(gallery.table[column], dtype=np.int64)
        packed = np.memmap(gallery.folder / name, np.uint8, "r")
        with (folder / name).open("ab") as file:
            for place in places.tolist():
                file.write(packed[ends[place] - gallery.table[column][place] : ends[place]].tobytes())
