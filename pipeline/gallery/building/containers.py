"""What the faces of a build are written into: a gallery, or a training set."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol

import cv2

from pipeline.gallery.about import About
from pipeline.gallery.blending.traits import traits_of
from pipeline.gallery.building.labels import GROUP_NAMES, SEX_NAMES, Labels
from pipeline.gallery.building.layout import Layout
from pipeline.gallery.building.outcomes import Outcome, read_outcomes
from pipeline.gallery.building.settings import TRIES, Settings
from pipeline.gallery.measures import NAMES, measures_of
from pipeline.gallery.rows import MOST_SOURCES, Portion
from pipeline.gallery.writing import GalleryFace, GalleryWriter
from pipeline.whole_files import new_folder, write_whole

PROVENANCE: Final = (
    "Blended of photographs of {sources} people by LiGAN, seed {seed}. No face comes as near to anybody's "
    "photograph as a cosine of {identity:.2f} of faceres."
)
SIDE: Final = 128
"""Pixels of a training picture."""
QUALITY: Final = 95


class Container(Protocol):
    """Takes the faces of a build."""

    @property
    def name(self) -> str:
        """What it is; part of the plan."""
        ...

    def write(self, layout: Layout, settings: Settings, faces: Sequence[Outcome], people: int) -> None:
        """Write all faces into ``layout.faces``, whole or not at all.

        Args:
            faces: the accepted ones, without pictures, in order.
            people: of how many photographs they may be made.
        """
        ...


def with_pictures(layout: Layout, faces: Sequence[Outcome]) -> Iterator[Outcome]:
    """The same faces with their pictures, one block in memory at a time."""
    wanted = {face.number for face in faces}
    for block in sorted({face.number // TRIES for face in faces}):
        for outcome in read_outcomes(layout.block(block)):
            if outcome.number in wanted:
                yield outcome


@dataclass(frozen=True)
class GalleryContainer:
    """A gallery, see ``pipeline.gallery.gallery``."""

    name: ClassVar[str] = "gallery"

    def write(self, layout: Layout, settings: Settings, faces: Sequence[Outcome], people: int) -> None:
        """See ``Container``."""
        about = About(
            licence=settings.licence,
            provenance=PROVENANCE.format(sources=people, seed=settings.seed, identity=settings.identity),
            figures=figures_of(faces),
            wall=settings.wall,
            measures=NAMES,
            garment={"garment": settings.garment} if settings.garment != "none" else {},
        )
        shutil.rmtree(layout.faces, ignore_errors=True)
        GalleryWriter(about).write(layout.faces, map(_gallery_face, with_pictures(layout, faces)))


def figures_of(faces: Sequence[Outcome]) -> dict[str, Any]:
    """What was measured of all faces together."""
    nearest = [face.near for face in faces if face.near is not None]
    second = [near.distance for near in nearest if near.distance is not None]
    return {
        "identity_to_any_portrait": round(max(near.cosine for near in nearest), 5),
        **({"dlib_distance_to_any_portrait": round(min(second), 4)} if second else {}),
    }


def _gallery_face(outcome: Outcome) -> GalleryFace:
    made = outcome.made
    if made is None or outcome.labels is None:
        raise ValueError(f"try {outcome.number} made no face")
    giver, *others = outcome.sources  # of the hair, who stays the first
    largest = [giver, *sorted(others, key=lambda one: -one[1])][:MOST_SOURCES]
    provenance = tuple(Portion(number, share) for number, share in largest)
    labels = outcome.labels
    measures = measures_of(traits_of(made.head), age=labels.age, beard=labels.beard)
    return GalleryFace(
        made.head, made.embedding, made.description, provenance, outcome.number, measures=measures
    )


@dataclass(frozen=True)
class TrainingSet:
    """Pictures of ``SIDE`` pixels and their labels, twice.

    ``people.jsonl`` is a file of labels as a gallery is built with, ``labels.jsonl`` what ``train attributes
    --layout heads`` reads.
    """

    name: ClassVar[str] = "training set"

    def write(self, layout: Layout, settings: Settings, faces: Sequence[Outcome], people: int) -> None:
        """See ``Container``."""
        shutil.rmtree(layout.faces, ignore_errors=True)
        with new_folder(layout.faces) as folder:
            rows = [_written(folder, *numbered) for numbered in enumerate(with_pictures(layout, faces))]
            for name, kept in (("people.jsonl", people_row), ("labels.jsonl", heads_row)):
                lines = [json.dumps(row) + "\n" for row in map(kept, rows) if row is not None]
                write_whole(folder / name, "".join(lines).encode())
            about = {"seed": settings.seed, "licence": settings.licence, "photographs": people}
            write_whole(
                folder / "about.json", (json.dumps(about | figures_of(faces), indent=2) + "\n").encode()
            )


def _written(folder: Path, place: int, outcome: Outcome) -> tuple[str, Labels]:
    if outcome.made is None or outcome.labels is None:
        raise ValueError(f"try {outcome.number} made no face")
    small = cv2.resize(outcome.made.head.image, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    name = f"{place:06d}.webp"
    _, data = cv2.imencode(".webp", small[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
    (folder / name).write_bytes(data.tobytes())
    return name, outcome.labels


def people_row(face: tuple[str, Labels]) -> dict[str, Any]:
    """A row as ``labels`` reads it."""
    name, labels = face
    return {
        "file": name,
        "sex": SEX_NAMES[labels.sex],
        "age": round(labels.age),
        "group": GROUP_NAMES[labels.ethnicity],
        "hair": labels.hair,
        "length": labels.length,
        "beard": labels.beard,
        "glasses": labels.glasses,
        "mouth": labels.mouth,
    }


# Groups that the layout of heads knows, by its names.
HEADS: Final = {
    "white": "white",
    "black": "black",
    "latino_hispanic": "latino",
    "east_asian": "east_asian",
    "indian": "south_asian",
    "middle_eastern": "middle_eastern",
}


def heads_row(face: tuple[str, Labels]) -> dict[str, Any] | None:
    """A row of the layout of rendered heads; None of a face for which it has no words."""
    name, labels = face
    if labels.ethnicity not in HEADS or labels.hair == "dyed":
        return None
    return {
        "file": name,
        "sex": labels.sex,
        "age_years": round(labels.age),
        "eth": HEADS[labels.ethnicity],
        "hairstyle": "bald" if labels.baldness else labels.length,
        "facial": labels.beard,
        "weight": float("nan"),
        "rec": float("nan"),
        "haircolor": labels.hair,
        "grey": float(labels.hair == "grey"),
    }
