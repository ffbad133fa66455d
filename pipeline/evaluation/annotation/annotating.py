"""What the attribute models and the discriminator say of each face, as rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.evaluation.annotation.faces import Face, Faces
from pipeline.evaluation.annotation.records import FORMAT, KIND, Row
from pipeline.evaluation.predictors.telling import carried, told, vocabulary
from pipeline.evaluation.realism import Judge, Reference
from pipeline.evaluation.subject import Subject
from pipeline.networks.attributes import CombinedAttributes


@dataclass(frozen=True)
class Annotator:
    """The models that look at faces; one of the two may be missing.

    Attributes:
        attributes: tell sex, age group, ….
        judge, reference: tell realism.
    """

    attributes: CombinedAttributes | None
    judge: Judge | None
    reference: Reference | None

    def rows(self, faces: Sequence[Face]) -> list[Row]:
        """A row for each face: id, logit, realism, traits and probabilities, or the problem."""
        seen = [face.pixels for face in faces if face.pixels is not None]
        found: Iterator[Row] = iter(self._found(np.stack(seen)) if seen else [])
        return [
            {"id": face.id, **({"problem": face.problem} if face.pixels is None else next(found))}
            for face in faces
        ]

    def _found(self, images: np.ndarray) -> list[Row]:
        rows: list[Row] = [{} for _ in images]
        if self.judge is not None and self.reference is not None:
            logits = self.judge.logits(images)
            for row, logit, realism in zip(rows, logits, self.reference.realism(logits), strict=True):
                row.update(realism=round(float(realism), 4), logit=round(float(logit), 5))
        if self.attributes is not None:
            predicted = self.attributes.predict(images)
            words, columns = told(predicted), predicted.columns()
            for number, row in enumerate(rows):
                row["traits"] = {key: said[number] for key, said in words.items()}
                row["probabilities"] = {name: round(float(p[number]), 6) for name, p in columns.items()}
        return rows


def annotated(annotator: Annotator, faces: Faces, start: int) -> Iterator[list[Row]]:
    """Rows of all faces from ``start`` on, batch by batch."""
    return (annotator.rows(batch) for batch in faces.batches(start))


def head_of(subject: Subject, faces: Faces) -> Row:
    """The first line of a file: which models looked at which faces, and what they can say.

    Returns:
        Without the scale of realism, which takes a while to measure.
    """
    known = None if subject.attributes is None else carried(subject.attributes)
    return {
        "kind": KIND,
        "format": FORMAT,
        "bundle": {key: subject.facts[key] for key in ("name", "digest")},
        "predictors": dict(subject.predictors),
        "source": faces.facts,
        "where": {"bundle": subject.facts["path"], "paths": list(faces.paths)},
        "traits": {} if known is None else vocabulary(known),
        "outputs": [] if known is None else list(known.columns()),
        "reliability": {key: one.to_dict() for key, one in subject.reliability.items()},
        "realism": None,
    }
