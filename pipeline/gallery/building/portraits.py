"""The photographs that a gallery is made of, and what is known of them beforehand."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipeline.command_line import BadInput
from pipeline.gallery.building.labels import Labels, Said, read_labels

SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".webp")
LANDMARKS, MATTES = "landmarks.npz", "mattes"


@dataclass(frozen=True)
class Portrait:
    """One photograph.

    Attributes:
        name: its path below the folder.
        path: where it is.
        labels: what is said of it; None where nobody has.
        source: whether blends may be made of it; where not, no face may come near it all the same.
        gives_hair: whether somebody has found it fit to give hair and outline.
        landmarks: float32 (468, 2), pixels of the photograph; None where they have to be found.
        matte: a picture that is white where there is a person, of any size; None where that has to be found.
    """

    name: str
    path: Path
    labels: Labels | None = None
    source: bool = True
    gives_hair: bool = True
    landmarks: np.ndarray | None = field(default=None, repr=False)
    matte: Path | None = None


def portraits(folder: Path, labels: Path | None) -> list[Portrait]:
    """Find the photographs of a folder, at any depth, in the order of their names.

    Args:
        labels: JSON lines, see ``labels``. ``landmarks.npz`` (``landmarks``: (rows, 468, 2), pixels) and
            ``mattes/NAME.png`` beside it are used where they are there.

    Raises:
        BadInput: no folder, no photographs, or labels that cannot be used.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder.")
    mattes = labels.parent / MATTES if labels else None
    found = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and (mattes is None or mattes not in path.parents)
    )
    if not found:
        raise BadInput(f"{folder} holds no photographs (JPEG, PNG or WebP).")
    known = Known.read(labels) if labels else Known({}, {}, None)
    names = [path.relative_to(folder).as_posix() for path in found]
    if labels and not known.rows.keys() & set(names):
        raise BadInput(f"{labels} names none of the photographs in {folder}.")
    return [known.portrait(name, path) for name, path in zip(names, found, strict=True)]


@dataclass(frozen=True)
class Known:
    """What lies beside a file of labels.

    Attributes:
        rows: by name of the photograph.
        landmarks: likewise.
        mattes: the folder of mattes, if there is one.
    """

    rows: Mapping[str, Said]
    landmarks: Mapping[str, np.ndarray]
    mattes: Path | None

    @classmethod
    def read(cls, labels: Path) -> "Known":
        """Read a file of labels and what lies beside it; BadInput where something is not as it should be."""
        rows = read_labels(labels)
        folder = labels.parent / MATTES
        marks = _landmarks(labels.parent / LANDMARKS, len(rows))
        return cls(rows, dict(zip(rows, marks, strict=False)), folder if folder.is_dir() else None)

    def portrait(self, name: str, path: Path) -> Portrait:
        """A photograph with what is known of it."""
        said = self.rows.get(name)
        matte = self.mattes / Path(name).with_suffix(".png") if self.mattes else None
        return Portrait(
            name,
            path,
            labels=None if said is None else said.labels,
            source=said is None or said.source,
            gives_hair=said is None or said.gives_hair,
            landmarks=self.landmarks.get(name),
            matte=matte if matte and matte.is_file() else None,
        )


def _landmarks(path: Path, rows: int) -> Sequence[np.ndarray]:
    if not path.is_file():
        return []
    try:
        with np.load(path, allow_pickle=False) as arrays:
            marks = np.asarray(arrays["landmarks"], np.float32)
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(f"{path} holds no array of landmarks: {error}.") from error
    if marks.shape != (rows, 468, 2) or not np.isfinite(marks).all():
        raise BadInput(
            f"{path} holds {marks.shape}, not 468 points (x, y) for each of {rows} rows of labels."
        )
    return list(marks)


def digest(found: Sequence[Portrait]) -> str:
    """SHA-256 of all photographs and of what was said of them: another folder, another gallery."""
    whole = hashlib.sha256()
    for line in _facts(found):
        whole.update(line)
    return whole.hexdigest()


def _facts(found: Sequence[Portrait]) -> Iterator[bytes]:
    for portrait in found:
        facts: dict[str, Any] = {
            "name": portrait.name,
            "source": portrait.source,
            "gives_hair": portrait.gives_hair,
            "labels": portrait.labels.to_json() if portrait.labels else None,
        }
        yield json.dumps(facts, sort_keys=True).encode() + b"\n"
        yield hashlib.sha256(portrait.path.read_bytes()).digest()
        if portrait.landmarks is not None:
            yield portrait.landmarks.tobytes()
        if portrait.matte is not None:
            yield hashlib.sha256(portrait.matte.read_bytes()).digest()
