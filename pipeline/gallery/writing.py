"""Writing a gallery: whole or not at all, one face after the other."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from pipeline.faces.head import SIDE, Head
from pipeline.fillers import Description
from pipeline.gallery import gallery as opened
from pipeline.gallery import rows
from pipeline.gallery.about import About
from pipeline.gallery.errors import GalleryError
from pipeline.gallery.gallery import Gallery
from pipeline.gallery.identities import IN_MEMORY
from pipeline.gallery.pictures import MOST_BYTES, encode_matte, encode_picture
from pipeline.whole_files import new_folder


@dataclass(frozen=True, eq=False)
class GalleryFace:
    """A face as it comes into a gallery.

    Attributes:
        head: before the gallery's wall, above its garment.
        identity: float (1024,), who it is: of its picture as it is kept (``pictures.encode_picture`` and
            back), so that what is stored is what will be found again. Brought to unit length here.
        description: a value of every key of the gallery's ``attributes``, None where it is not known.
        provenance: whom it was blended from, by numbers that mean nothing elsewhere.
        number: of the face in its making, as reports and contact sheets have it.
        measures: as many numbers as the gallery has names of ``measures``; kept as float16.
    """

    head: Head
    identity: npt.NDArray[np.floating[Any]]
    description: Description
    provenance: rows.Provenance
    number: int
    measures: Sequence[float] = ()


class GalleryWriter:
    """Writes galleries into folders that are not there yet.

    Args:
        about: what the gallery says of itself.
    """

    def __init__(self, about: About) -> None:
        self._about = about

    def write(self, folder: Path, faces: Iterable[GalleryFace]) -> Gallery:
        """Write ``faces`` as the gallery ``folder``; none of them is kept in memory.

        Raises:
            GalleryError: the folder is there already, there is no face, or one cannot be kept.
        """
        if folder.exists():
            raise GalleryError(f"{folder} is there already; a gallery is never written over")
        with new_folder(folder) as partial:
            sealed(partial, self._about, self._write_files(partial, faces))
        return Gallery.open(folder)

    def _write_files(self, folder: Path, faces: Iterable[GalleryFace]) -> int:
        row = rows.row_type(len(self._about.attributes), len(self._about.measures))
        with ExitStack() as stack:
            table = stack.enter_context(_growing(folder / opened.FACES, (), row))
            embeddings = stack.enter_context(
                _growing(folder / opened.EMBEDDINGS, (opened.SIZE,), np.dtype("<f2"))
            )
            landmarks = stack.enter_context(
                _growing(folder / opened.LANDMARKS, (opened.POINTS, 2), np.dtype("<u2"))
            )
            pictures = stack.enter_context((folder / opened.PICTURES).open("wb"))
            mattes = stack.enter_context((folder / opened.MATTES).open("wb"))
            for face in faces:
                picture, matte = self._packed(face.head)
                embeddings.append(_identity(face))
                landmarks.append(rows.fixed(_landmarks(face.head)))
                table.append(self._row(face, len(picture), len(matte), row))
                pictures.write(picture)
                mattes.write(matte)
            if not table.count:
                raise GalleryError("a gallery has at least one face")
            return table.count

    def _packed(self, head: Head) -> tuple[bytes, bytes]:
        picture = encode_picture(head.image, self._about.picture_quality)
        matte = encode_matte(head.alpha, self._about.matte_quality)
        if max(len(picture), len(matte)) > MOST_BYTES:
            raise GalleryError("a face's picture is too large; lower the quality")
        return picture, matte

    def _row(self, face: GalleryFace, picture: int, matte: int, row: np.dtype[Any]) -> npt.NDArray[Any]:
        if not 0 <= face.number < 2**32:
            raise GalleryError(f"a face's number is {face.number}, not from 0 to 2^32")
        if len(face.provenance) > rows.MOST_SOURCES:
            raise GalleryError(f"a face of {len(face.provenance)} sources; {rows.MOST_SOURCES} are kept")
        measures = np.asarray(face.measures, "<f2")
        if measures.shape != (len(self._about.measures),) or not np.isfinite(measures).all():
            raise GalleryError(f"a face has {len(self._about.measures)} measures, finite in float16")
        missing = [0] * (rows.MOST_SOURCES - len(face.provenance))
        values, confidences = rows.codes(face.description, self._about.attributes)
        sources = [portion.source for portion in face.provenance] + missing
        shares = [round(portion.share * 100) for portion in face.provenance] + missing
        return np.array((face.number, picture, matte, values, confidences, sources, shares, measures), row)


def sealed(folder: Path, about: About, count: int) -> None:
    """Make a gallery of a folder of the arrays and packs of ``count`` faces.

    Added are what a large one is searched by, and the manifest with all digests.

    Raises:
        GalleryError: it cannot be opened as one then.
    """
    if count > IN_MEMORY:
        _write_coarse(folder, about)
    names = {file.name: _sha256(file) for file in sorted(folder.iterdir())}
    manifest = {"format": opened.FORMAT, "count": count, "side": SIDE, **about.to_dict(), "files": names}
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / opened.MANIFEST).write_text(f"{text}\n", encoding="utf-8")
    Gallery.open(folder)


def _write_coarse(folder: Path, about: About) -> None:
    rows = np.load(folder / opened.EMBEDDINGS, mmap_mode="r")
    with _growing(folder / opened.COARSE, (opened.SIZE,), np.dtype("i1")) as coarse:
        for start in range(0, len(rows), opened.BLOCK):
            scaled = rows[start : start + opened.BLOCK].astype(np.float32) * about.coarse_scale
            coarse.extend(np.clip(np.round(scaled), -127, 127))


class Growing:
    """An array of NumPy's that grows row by row in its file.

    Attributes:
        count: rows so far.
    """

    def __init__(self, file: BinaryIO, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self._file, self._shape, self._dtype = file, shape, dtype
        self.count = 0
        self.write_header()

    def append(self, row: npt.NDArray[Any]) -> None:
        """One row more."""
        self.extend(row[None])

    def extend(self, some: npt.NDArray[Any]) -> None:
        """Rows more."""
        self._file.write(np.ascontiguousarray(some, self._dtype).tobytes())
        self.count += len(some)

    def write_header(self) -> None:
        """What says how many rows there are. NumPy leaves room in it for the number to grow in place."""
        self._file.seek(0)
        shape = (self.count, *self._shape)
        header = {"descr": np.lib.format.dtype_to_descr(self._dtype), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self._file, header)


@contextmanager
def _growing(path: Path, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Iterator[Growing]:
    with path.open("wb") as file:
        array = Growing(file, shape, dtype)
        yield array
        array.write_header()


def _identity(face: GalleryFace) -> npt.NDArray[np.float16]:
    identity = np.asarray(face.identity, np.float32)
    length = float(np.linalg.norm(identity)) if identity.shape == (opened.SIZE,) else 0.0
    if not np.isfinite(length) or length < 1e-6:
        raise GalleryError(f"who a face is are {opened.SIZE} finite numbers, not all 0")
    return (identity / length).astype("<f2")


def _landmarks(head: Head) -> npt.NDArray[np.float32]:
    if head.landmarks.shape != (opened.POINTS, 2):
        raise GalleryError(f"a face has landmarks ({opened.POINTS}, 2), not {head.landmarks.shape}")
    return head.landmarks


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
