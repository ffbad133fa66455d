"""``annotate``, from its arguments to the file, and the way back from the file to the pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from pipeline.command_line import BadInput
from pipeline.dataset.records import holds_shards
from pipeline.dataset.sources import sources
from pipeline.evaluation.annotation.annotating import Annotator, annotated, head_of
from pipeline.evaluation.annotation.built_faces import BuiltFaces
from pipeline.evaluation.annotation.faces import Faces, FoundFaces, GeneratedFaces
from pipeline.evaluation.annotation.records import Row, Writer
from pipeline.evaluation.realism import Reference, judge_of, reference_of
from pipeline.evaluation.sampling import BATCH, Sampler
from pipeline.evaluation.subject import from_bundle
from pipeline.faces.detector import MTCNNDetector


@dataclass(frozen=True)
class Asked:
    """Which faces.

    Attributes:
        paths: folders, archives, pictures; or none.
        generate: faces to make instead.
        seed, truncation: of those.
        crop: the pictures are photographs, out of which heads are to be cut.
    """

    paths: tuple[Path, ...] = ()
    generate: int | None = None
    seed: int = 0
    truncation: float = 1.0
    crop: bool = False


def annotate(folder: Path, asked: Asked, out: Path) -> int:
    """Annotate faces with the models of the bundle in ``folder``, going on with an unfinished file.

    Returns:
        Faces in the file.

    Raises:
        BadInput: no bundle, one that has nothing to say of faces, no faces, or another file at ``out``.
    """
    sampler = Sampler(from_bundle(folder))
    subject = sampler.subject
    if subject.attributes is None and subject.discriminator is None:
        raise BadInput(
            f"{folder} has neither attribute models nor a discriminator: it says nothing of faces."
        )
    faces = faces_of(sampler, asked)
    annotate_with(sampler, faces, out)
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
        for count in writer.write(annotated(annotator, faces, writer.done)):
            bar.update(count)


def faces_of(sampler: Sampler, asked: Asked) -> Faces:
    """The faces that are asked for; BadInput where there are none."""
    if asked.generate is not None:
        return GeneratedFaces(sampler, count=asked.generate, seed=asked.seed, truncation=asked.truncation)
    return _found(asked.paths, sampler, crop=asked.crop)


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
        return GeneratedFaces(
            sampler, count=source["count"], seed=source["seed"], truncation=source["truncation"]
        )
    faces = _found(
        paths or [Path(path) for path in head["where"]["paths"]], sampler, crop=source.get("cropped", False)
    )
    if faces.facts != source:
        raise BadInput("there are other pictures now than were annotated: say with --from where those are.")
    return faces


def _found(paths: Sequence[Path], sampler: Sampler, *, crop: bool) -> Faces:
    if any(map(holds_shards, paths)):
        if len(paths) > 1 or crop:
            raise BadInput("a data set of faces build is annotated alone, and its heads are cut out already.")
        return BuiltFaces(paths[0], side=sampler.subject.resolution)
    found = sources(paths)
    if not len(found):
        raise BadInput(f"{', '.join(map(str, paths))}: no pictures there.")
    return FoundFaces(
        found,
        paths,
        side=sampler.subject.resolution,
        framing=sampler.subject.framing if crop else None,
        detector=MTCNNDetector() if crop else None,
    )
