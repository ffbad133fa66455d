"""``annotate``: what the attribute models and the discriminator say of each face; and the faces again."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from pipeline.command_line import BadInput
from pipeline.dataset.records import holds_shards
from pipeline.dataset.sources import sources
from pipeline.evaluation.annotation.faces import BuiltFaces, Face, Faces, FoundFaces, GeneratedFaces
from pipeline.evaluation.annotation.records import FORMAT, KIND, Row, Writer
from pipeline.evaluation.annotation.words import carried, in_words, vocabulary
from pipeline.evaluation.measurement import resumable
from pipeline.evaluation.realism import Reference, judge_of, reference_of
from pipeline.evaluation.sampling import BATCH, Sampler
from pipeline.evaluation.subject import Subject, from_bundle
from pipeline.faces.detector import MTCNNDetector
from pipeline.networks.attributes import CombinedAttributes
from pipeline.networks.realism import RealismJudge


@dataclass(frozen=True)
class Annotator:
    """The models that look at faces; one of the two may be missing.

    Attributes:
        attributes: tell sex, age group, ….
        judge, reference: tell realism.
    """

    attributes: CombinedAttributes | None
    judge: RealismJudge | None
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
            words, columns = in_words(predicted), predicted.columns()
            for number, row in enumerate(rows):
                row["traits"] = {key: values[number] for key, values in words.items()}
                row["probabilities"] = {name: round(float(p[number]), 6) for name, p in columns.items()}
        return rows


@resumable()
def annotate(arguments: argparse.Namespace) -> int:
    """Annotate faces with the models of a bundle, going on with an unfinished file.

    Returns:
        Faces in the file.

    Raises:
        BadInput: no bundle, one that has nothing to say of faces, no faces, or another file at ``out``.
    """
    sampler = Sampler(from_bundle(arguments.bundle))
    subject = sampler.subject
    if subject.attributes is None and subject.discriminator is None:
        raise BadInput(
            f"{arguments.bundle} has neither attribute models nor a discriminator: it says nothing of faces."
        )
    faces: Faces
    if arguments.generate is None:
        faces = faces_in(arguments.paths, subject, crop=arguments.crop)
    else:
        faces = GeneratedFaces(
            sampler, count=arguments.generate, seed=arguments.seed, truncation=arguments.truncation
        )
    annotate_with(sampler, faces, arguments.out)
    return len(faces)


def annotate_with(sampler: Sampler, faces: Faces, out: Path) -> None:
    """Annotate with models at hand, with progress on standard error."""
    subject = sampler.subject
    writer = Writer(out, head_of(subject, faces), batch=BATCH)
    if writer.complete:
        return
    judge = None if subject.discriminator is None else judge_of(sampler)
    reference = None
    if judge is not None and writer.begun:
        reference = Reference.from_dict(writer.head["realism"])
    elif judge is not None:
        reference = reference_of(sampler, judge)
        writer.head["realism"] = reference.to_dict()
    annotator = Annotator(subject.attributes, judge, reference)
    with tqdm(total=len(faces), initial=writer.done, desc="annotate", unit="face", mininterval=1) as bar:
        for count in writer.write(map(annotator.rows, faces.batches(writer.done))):
            bar.update(count)


def faces_again(head: Row, *, bundle: Path | None, paths: Sequence[Path] | None) -> Faces:
    """The faces that a file is about.

    Args:
        head: the file's first line.
        bundle, paths: where bundle and pictures are now, if not where they were.

    Raises:
        BadInput: they are not there, or are others.
    """
    source: dict[str, Any] = head["source"]
    sampler = Sampler(from_bundle(bundle or Path(head["where"]["bundle"])))
    if sampler.subject.facts["digest"] != head["bundle"]["digest"]:
        raise BadInput(
            "the bundle is not the one that annotated these faces: say where that is with --bundle."
        )
    if source["kind"] == "generated":
        return GeneratedFaces(sampler, **{name: source[name] for name in ("count", "seed", "truncation")})
    places = paths or [Path(path) for path in head["where"]["paths"]]
    faces = faces_in(places, sampler.subject, crop=source.get("cropped", False))
    if faces.facts != source:
        raise BadInput("there are other pictures now than were annotated: say with --from where those are.")
    return faces


def faces_in(paths: Sequence[Path], subject: Subject, *, crop: bool = False) -> Faces:
    """The faces in folders, archives and pictures, or in a data set of ``faces build``.

    Args:
        crop: the pictures are photographs, out of which heads are to be cut.

    Raises:
        BadInput: there are none.
    """
    if any(map(holds_shards, paths)):
        if len(paths) > 1 or crop:
            raise BadInput("a data set of faces build is annotated alone, and its heads are cut out already.")
        return BuiltFaces(paths[0], side=subject.resolution)
    found = sources(paths)
    if not len(found):
        raise BadInput(f"{', '.join(map(str, paths))}: no pictures there.")
    return FoundFaces(
        found,
        paths,
        side=subject.resolution,
        framing=subject.framing,
        detector=MTCNNDetector() if crop else None,
    )


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
