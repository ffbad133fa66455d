"""``annotate``: what the attribute models and the discriminator say of each face; and the faces again."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self

import numpy as np
from tqdm import tqdm

from pipeline.command_line import BadInput
from pipeline.dataset.records import holds_shards
from pipeline.dataset.sources import sources
from pipeline.evaluation.annotation.ahead import ahead
from pipeline.evaluation.annotation.faces import BATCH, BuiltFaces, Face, Faces
from pipeline.evaluation.annotation.found import FoundFaces
from pipeline.evaluation.annotation.generated import GeneratedFaces
from pipeline.evaluation.annotation.making import Maker
from pipeline.evaluation.annotation.records import FORMAT, KIND, Row, Writer
from pipeline.evaluation.annotation.scale import Reference, company_of, reference_of
from pipeline.evaluation.annotation.served import Served
from pipeline.evaluation.annotation.words import in_words, vocabulary
from pipeline.evaluation.bundles import framing_of, name_of, opened
from pipeline.evaluation.cache import FeatureCache, default_folder
from pipeline.evaluation.measurement import resumable
from pipeline.faces.detector import MTCNNDetector
from pipeline.faces.framing import HEAD
from pipeline.networks.attributes.answers import Predictor
from pipeline.networks.bundle import Bundle
from pipeline.serving.runtimes import served


@dataclass(frozen=True)
class Annotator:
    """The models that look at faces; one of the two may be missing.

    Attributes:
        attributes: tell sex, age group, ….
        logits: pictures uint8 (n, side, side, 3) → the discriminator's logits (n,).
        reference: what those are ranked among: tells realism.
    """

    attributes: Predictor | None
    logits: Callable[[np.ndarray], np.ndarray] | None
    reference: Reference | None

    @classmethod
    def of(cls, models: Served, reference: Reference | None) -> Self:
        """A bundle's models, with the scale of realism of a bundle that has a discriminator."""
        if reference is None:
            return cls(models.attributes, None, None)
        company = company_of(models, reference.company)
        return cls(models.attributes, partial(models.networks.logits, company=company), reference)

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
        if self.logits is not None and self.reference is not None:
            logits = self.logits(images)
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
    with opened(arguments.bundle) as bundle:
        models = Served.of(bundle)
        if models.attributes is None and not models.judging:
            raise BadInput(
                f"{bundle.folder} has neither attribute models nor a discriminator: it says nothing of faces."
            )
        faces: Faces
        if arguments.generate is None:
            faces = faces_in(arguments.paths, bundle, crop=arguments.crop)
        else:
            faces = GeneratedFaces(
                Maker(bundle, models.networks),
                count=arguments.generate,
                seed=arguments.seed,
                truncation=arguments.truncation,
            )
        annotate_with(models, faces, arguments.out)
        return len(faces)


def annotate_with(models: Served, faces: Faces, out: Path) -> None:
    """Annotate with models at hand, with progress on standard error.

    Raises:
        BadInput: ``out`` is another file, or one that cannot be gone on with.
    """
    writer = Writer(out, head_of(models, faces), batch=BATCH)
    if writer.complete:
        return
    reference = None
    if models.judging:
        if not writer.begun:
            writer.head["realism"] = reference_of(models, FeatureCache(default_folder())).to_dict()
        reference = reference_in(writer)
    annotator = Annotator.of(models, reference)
    with tqdm(total=len(faces), initial=writer.done, desc="annotate", unit="face", mininterval=1) as bar:
        for count in writer.write(map(annotator.rows, ahead(faces.batches(writer.done)))):
            bar.update(count)


def reference_in(writer: Writer) -> Reference:
    """The scale of realism of a file that is written; BadInput if it has none."""
    try:
        return Reference.from_dict(writer.head["realism"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{writer.partial} has no scale of realism to go on with: remove it.") from error


def faces_again(head: Row, bundle: Bundle, paths: Sequence[Path] | None) -> Faces:
    """The faces that a file is about.

    Args:
        head: the file's first line.
        bundle: the one that annotated them.
        paths: where pictures are now, if not where they were.

    Raises:
        BadInput: they are not there, or are others.
    """
    source: dict[str, Any] = head["source"]
    if bundle.digest != head["bundle"]["digest"]:
        raise BadInput(
            "the bundle is not the one that annotated these faces: say where that is with --bundle."
        )
    if source["kind"] == "generated":
        settings = {name: source[name] for name in ("count", "seed", "truncation")}
        return GeneratedFaces(Maker(bundle, served(bundle)), **settings)
    places = paths or [Path(path) for path in head["where"]["paths"]]
    faces = faces_in(places, bundle, crop=source.get("cropped", False))
    if faces.facts != source:
        raise BadInput("there are other pictures now than were annotated: say with --from where those are.")
    return faces


def faces_in(paths: Sequence[Path], bundle: Bundle, *, crop: bool = False) -> Faces:
    """The faces in folders, archives and pictures, or in a data set of ``faces build``, framed for a bundle.

    Args:
        crop: the pictures are photographs, out of which heads are to be cut.

    Raises:
        BadInput: there are none.
    """
    if any(map(holds_shards, paths)):
        if len(paths) > 1 or crop:
            raise BadInput("a data set of faces build is annotated alone, and its heads are cut out already.")
        return BuiltFaces(paths[0], side=bundle.resolution)
    found = sources(paths)
    if not len(found):
        raise BadInput(f"{', '.join(map(str, paths))}: no pictures there.")
    return FoundFaces(
        found,
        paths,
        side=bundle.resolution,
        framing=framing_of(bundle) or HEAD,
        detector=MTCNNDetector() if crop else None,
    )


def head_of(models: Served, faces: Faces) -> Row:
    """The first line of a file: which models looked at which faces, and what they can say.

    Returns:
        Without the scale of realism, which may take a while to measure.
    """
    bundle, tells = models.bundle, models.tells
    return {
        "kind": KIND,
        "format": FORMAT,
        "bundle": {"name": name_of(bundle), "digest": bundle.digest},
        "predictors": dict(models.predictors),
        "source": faces.facts,
        "where": {"bundle": str(bundle.folder), "paths": list(faces.paths)},
        "traits": {} if tells is None else vocabulary(tells),
        "outputs": [] if tells is None else list(tells.columns()),
        "reliability": {key: one.to_dict() for key, one in models.reliability.items()},
        "realism": None,
    }
