"""A gallery in a folder: photographic people who do not exist, opened without being read into memory.

``gallery.json`` says what it is and names every other file with its SHA-256; its own is the gallery's digest.
``faces.npy`` has a row a face (``rows.py``), ``embeddings.npy`` who each is, ``landmarks.npy`` its landmarks;
``pictures.pack`` and ``mattes.pack`` are WebP files one after the other, as long as the rows say.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from pipeline.attributes.description import Value
from pipeline.faces.detector import Image
from pipeline.faces.head import SIDE, Head
from pipeline.fillers import Description
from pipeline.gallery import rows
from pipeline.gallery.about import About
from pipeline.gallery.errors import GalleryError
from pipeline.gallery.pictures import decode_matte, decode_picture

FORMAT: Final = 1
MANIFEST: Final = "gallery.json"
FACES, EMBEDDINGS, LANDMARKS = "faces.npy", "embeddings.npy", "landmarks.npy"
PICTURES, MATTES = "pictures.pack", "mattes.pack"
FILES: Final = (FACES, EMBEDDINGS, LANDMARKS, PICTURES, MATTES)
#: In large galleries (``identities.IN_MEMORY``) identities once more, a byte a number: every comparison
#: reads them all.
COARSE: Final = "coarse.npy"
#: Features of an identity, and landmarks of a face.
SIZE, POINTS = 1024, 468
MOST_FACES: Final = 16_000_000
MOST_MANIFEST_BYTES: Final = 4 * 2**20
#: Rows that are looked at together: 8 MB of them as float32.
BLOCK: Final = 2048
#: A stored identity's length is 1 to the precision of float16.
LENGTH_SLACK: Final = 0.01


class Gallery(Sequence[Head]):
    """Faces of nobody, and what is known of them. Use :meth:`open`.

    Attributes:
        folder: where it lies.
        about: what it says of itself.
        digest: SHA-256 of ``gallery.json``, which holds the digests of all files: the gallery's identity.
        embeddings: float16 (n, 1024), unit length: who each face is; mapped, not read.
        coarse: int8 (n, 1024), the same times ``about.coarse_scale``; None of a gallery that needs none.
        table: a row a face, see ``rows.row_type``.
    """

    def __init__(self, folder: Path, about: About, digest: str, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self.folder, self.about, self.digest = folder, about, digest
        self.embeddings, self.table = arrays[EMBEDDINGS], arrays[FACES]
        self.coarse = arrays.get(COARSE)
        self._landmarks, self._pictures, self._mattes = (arrays[n] for n in (LANDMARKS, PICTURES, MATTES))
        self._bounds = {name: _bounds(self.table[name]) for name in ("picture", "matte")}

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Check every file against its digest and its size, and what is in them against the format.

        Raises:
            GalleryError: with one sentence about what is wrong.
        """
        manifest, digest = _manifest(folder / MANIFEST)
        names = (*FILES, COARSE) if COARSE in manifest["files"] else FILES
        for name in names:
            _check_digest(folder / name, manifest["files"][name])
        about, count = About.from_dict(manifest), int(manifest["count"])
        row = rows.row_type(len(about.attributes), len(about.measures))
        arrays = {
            FACES: _array(folder / FACES, (count,), row),
            EMBEDDINGS: _array(folder / EMBEDDINGS, (count, SIZE), np.dtype("<f2")),
            LANDMARKS: _array(folder / LANDMARKS, (count, POINTS, 2), np.dtype("<u2")),
        }
        if COARSE in names:
            arrays[COARSE] = _array(folder / COARSE, (count, SIZE), np.dtype("i1"))
        for name, column in ((PICTURES, "picture"), (MATTES, "matte")):
            arrays[name] = _pack(folder / name, int(arrays[FACES][column].sum(dtype=np.uint64)))
        _check_rows(folder / FACES, arrays[FACES], [len(words) for words in about.attributes.values()])
        _check_identities(folder / EMBEDDINGS, arrays[EMBEDDINGS])
        if COARSE in arrays:
            _check_coarse(folder / COARSE, arrays[COARSE], arrays[EMBEDDINGS], about.coarse_scale)
        return cls(folder, about, digest, arrays)

    def __len__(self) -> int:
        return len(self.table)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self.head(place) for place in range(*index.indices(len(self)))]
        return self.head(index)

    def head(self, place: int) -> Head:
        """The face at ``place``, from 0.

        Raises:
            GalleryError: there is no such place, or its picture is damaged.
        """
        return Head(self.picture(place), self.landmarks(place), decode_matte(self._packed("matte", place)))

    def picture(self, place: int) -> Image:
        """The face's picture alone, uint8 (SIDE, SIDE, 3), RGB; errors as of :meth:`head`."""
        return decode_picture(self._packed("picture", place))

    def landmarks(self, place: int) -> npt.NDArray[np.float32]:
        """float32 (468, 2), in pixels of the picture; errors as of :meth:`head`."""
        return rows.pixels(self._landmarks[self._checked(place)])

    def identity(self, place: int) -> npt.NDArray[np.float32]:
        """Who the face is, float32 (1024,), unit length; errors as of :meth:`head`."""
        return np.asarray(unit(self.embeddings[self._checked(place)].astype(np.float32)[None])[0])

    def descriptions(self, place: int) -> Description:
        """What is said of the face; errors as of :meth:`head`."""
        row = self.table[self._checked(place)]
        return rows.description(row["values"], row["confidences"], self.about.attributes)

    def provenance(self, place: int) -> rows.Provenance:
        """Whom the face was blended from; errors as of :meth:`head`."""
        row = self.table[self._checked(place)]
        parts = zip(row["sources"].tolist(), row["shares"].tolist(), strict=True)
        return tuple(rows.Portion(source, share / 100) for source, share in parts if share)

    def hair_of(self, place: int) -> int:
        """Who gave the face its hair, as :class:`~pipeline.gallery.rows.Portion` numbers people; errors as of
        :meth:`head`."""
        return int(self.table[self._checked(place)]["sources"][0])

    def having(self, key: str, values: Sequence[Value]) -> npt.NDArray[np.bool_]:
        """Which faces have one of ``values`` of ``key``, bool (n,); none where nothing is said of ``key``."""
        if key not in self.about.attributes:
            return np.zeros(len(self), bool)
        words = list(self.about.attributes[key])
        wanted = [1 + words.index(value) for value in values if value in words]
        return np.isin(self.table["values"][:, list(self.about.attributes).index(key)], wanted)

    def _packed(self, kind: str, place: int) -> bytes:
        begin, end = self._bounds[kind][self._checked(place) : place + 2]
        return (self._pictures if kind == "picture" else self._mattes)[begin:end].tobytes()

    def _checked(self, place: int) -> int:
        if not 0 <= place < len(self):
            raise GalleryError(f"there is no face {place} in a gallery of {len(self)}")
        return place


def unit(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Rows of unit length."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _bounds(sizes: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """Where each picture begins, and where the last ends: int64 (n + 1,)."""
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])


def _manifest(path: Path) -> tuple[dict[str, Any], str]:
    try:
        if path.stat().st_size > MOST_MANIFEST_BYTES:
            raise GalleryError(f"{path} is too large to be what a gallery says of itself")
        data = path.read_bytes()
        manifest = json.loads(data)
    except OSError:
        raise GalleryError(f"there is no {MANIFEST} in {path.parent}") from None
    except (ValueError, RecursionError) as error:
        raise GalleryError(f"{path} is not JSON: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise GalleryError(f"{path} is not of format {FORMAT}; this version of LiGAN reads no other")
    files, count = manifest.get("files"), manifest.get("count")
    if not isinstance(files, dict) or not set(FILES) <= files.keys():
        raise GalleryError(f"{path} does not name the files {', '.join(FILES)}")
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_FACES:
        raise GalleryError(f"{path} claims {count} faces; a gallery has 1 to {MOST_FACES}")
    if manifest.get("side") != SIDE:
        raise GalleryError(f"{path} has pictures of side {manifest.get('side')}, not {SIDE}")
    return manifest, hashlib.sha256(data).hexdigest()


def _check_digest(path: Path, expected: object) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise GalleryError(f"{path} is missing") from None
    if found != expected:
        raise GalleryError(f"{path} is not the file that {MANIFEST} names: its SHA-256 differs")


def _array(path: Path, shape: tuple[int, ...], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """A file of NumPy's, mapped: only its header is read, and its size is compared with what that claims."""
    try:
        found: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, EOFError, ValueError, OverflowError, TypeError) as error:
        raise GalleryError(f"{path} is no array: {error}") from error
    if not isinstance(found, np.ndarray) or found.dtype != dtype or found.shape != shape:
        raise GalleryError(f"{path} does not hold what its gallery says: an array {shape} of {dtype}")
    if not found.flags.c_contiguous:
        raise GalleryError(f"{path} does not have its rows one after the other")
    return found


def _pack(path: Path, size: int) -> npt.NDArray[np.uint8]:
    if not size or path.stat().st_size != size:
        raise GalleryError(f"{path} is not as long as the pictures that {FACES} names")
    return np.memmap(path, np.uint8, "r")


def _check_rows(path: Path, table: npt.NDArray[Any], words: list[int]) -> None:
    if not np.all(table["values"] <= np.array(words)):
        raise GalleryError(f"{path} has values that are none of the gallery's words")
    if not np.all(table["shares"].sum(axis=1, dtype=np.uint32) <= 100 + rows.MOST_SOURCES):
        raise GalleryError(f"{path} has faces of more than their sources")


def _check_identities(path: Path, embeddings: npt.NDArray[np.float16]) -> None:
    for start in range(0, len(embeddings), BLOCK):
        part = embeddings[start : start + BLOCK].astype(np.float32)
        # Of a NaN, no comparison is true.
        if not np.all(np.abs(np.sum(np.square(part), axis=1) - 1.0) < 2 * LENGTH_SLACK):
            raise GalleryError(f"{path} has identities that are not of unit length")


def _check_coarse(
    path: Path, coarse: npt.NDArray[np.int8], embeddings: npt.NDArray[np.float16], scale: float
) -> None:
    for start in range(0, len(embeddings), BLOCK):
        fine = embeddings[start : start + BLOCK].astype(np.float32) * np.float32(scale)
        if not np.all(np.abs(np.clip(fine, -127, 127) - coarse[start : start + BLOCK]) < 1.0):
            raise GalleryError(f"{path} has other identities than {EMBEDDINGS}")
