"""What came of tries: faces, and reasons why there is none."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.detector import Image
from pipeline.faces.head import Head, Landmarks
from pipeline.gallery.building.labels import Labels
from pipeline.whole_files import writing

Embedding = npt.NDArray[np.float32]
"""float32 (1024,), of unit length."""


@dataclass(frozen=True)
class Near:
    """The portrait that a face is most like.

    Attributes:
        portrait: its number.
        cosine: of faceres.
        distance: the least that dlib finds to any portrait; None where dlib was not asked.
    """

    portrait: int
    cosine: float
    distance: float | None = None


@dataclass(frozen=True, eq=False)
class Made:
    """A face that passed all that can be asked of it alone.

    Attributes:
        head: its picture, before wall and garment.
        embedding: who it is.
        description: what is said of it: key -> value and confidence.
    """

    head: Head
    embedding: Embedding
    description: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of one try.

    Attributes:
        number: the try's.
        lead: number of the portrait for whose face it was drawn.
        sources: numbers of the portraits, who gave the hair first, and the share of each in the face.
        labels: of the face; of who gave the hair where there is no face.
        reason: why there is no face; empty where there is one.
        detail: figures to the reason.
        near: see ``Near``; None where it was not asked.
        made: the face.
        twin: largest cosine to a face of the gallery that came before; None where it was not asked.
    """

    number: int
    lead: int
    sources: tuple[tuple[int, float], ...] = ()
    labels: Labels | None = None
    reason: str = ""
    detail: str = ""
    near: Near | None = None
    made: Made | None = None
    twin: float | None = None

    def refused(self, reason: str, detail: str = "") -> Self:
        """The same without a face."""
        return replace(self, reason=reason, detail=detail, made=None)

    def facts(self) -> dict[str, Any]:
        """As plain values, but pictures and embedding."""
        return {
            "number": self.number,
            "sources": [list(one) for one in self.sources],
            "lead": self.lead,
            "labels": self.labels and self.labels.to_json(),
            "reason": self.reason,
            "detail": self.detail,
            "near": self.near and asdict(self.near),
            "description": self.made and {key: dict(one) for key, one in self.made.description.items()},
        }


PIXELS, ALPHA, LANDMARKS, EMBEDDINGS, FACTS = "pixels", "alpha", "landmarks", "embeddings", "facts"
FULL: Final = 255


def write_outcomes(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Write what came of a block of tries; whole or not at all."""
    made = [one.made for one in outcomes if one.made is not None]
    arrays: dict[str, Any] = {
        FACTS: np.frombuffer(json.dumps([one.facts() for one in outcomes]).encode(), np.uint8),
        EMBEDDINGS: np.array([one.embedding for one in made], np.float32),
        LANDMARKS: np.array([one.head.landmarks for one in made], np.float32),
    }
    for place, one in enumerate(made):
        arrays[f"{PIXELS}{place}"] = _packed(one.head.image)
        arrays[f"{ALPHA}{place}"] = _packed(np.round(one.head.alpha * FULL).astype(np.uint8))
    with writing(path) as file:
        np.savez(file, **arrays)


def read_outcomes(path: Path, *, pictures: bool = True) -> list[Outcome]:
    """The inverse of :func:`write_outcomes`, alpha in 255ths.

    Args:
        pictures: whether heads are decoded; without, they are black.
    """
    with np.load(path, allow_pickle=False) as arrays:
        facts = json.loads(arrays[FACTS].tobytes())
        embeddings, landmarks = arrays[EMBEDDINGS], arrays[LANDMARKS]
        outcomes, place = [], 0
        for one in facts:
            made = None
            if one["description"] is not None:
                head = _head(arrays, place, landmarks[place]) if pictures else NO_HEAD
                made = Made(head, embeddings[place], one["description"])
                place += 1
            outcomes.append(_outcome(one, made))
    return outcomes


NO_HEAD: Final = Head(
    np.zeros((0, 0, 3), np.uint8), np.zeros((0, 2), np.float32), np.zeros((0, 0), np.float32)
)


def _outcome(facts: dict[str, Any], made: Made | None) -> Outcome:
    return Outcome(
        number=facts["number"],
        sources=tuple((int(number), float(share)) for number, share in facts["sources"]),
        lead=int(facts["lead"]),
        labels=Labels(**facts["labels"]) if facts["labels"] else None,
        reason=facts["reason"],
        detail=facts["detail"],
        near=Near(**facts["near"]) if facts["near"] else None,
        made=made,
    )


def _head(arrays: Mapping[str, Any], place: int, landmarks: Landmarks) -> Head:
    alpha = _unpacked(arrays[f"{ALPHA}{place}"]).astype(np.float32) / np.float32(FULL)
    return Head(_unpacked(arrays[f"{PIXELS}{place}"]), landmarks, alpha)


def _packed(picture: Image) -> npt.NDArray[np.uint8]:
    fine, data = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    if not fine:
        raise ValueError(f"a picture {picture.shape} could not be written")
    return np.asarray(data, np.uint8).ravel()


def _unpacked(data: npt.NDArray[np.uint8]) -> Image:
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_UNCHANGED), np.uint8)
