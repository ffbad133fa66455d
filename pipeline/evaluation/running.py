"""``evaluate generator`` and ``evaluate training``, from their arguments to the files."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.command_line import BadInput
from pipeline.evaluation.attributes import LABELS, read_labels
from pipeline.evaluation.cache import FeatureCache
from pipeline.evaluation.dataset import read_data_set
from pipeline.evaluation.examination import Examination, Materials
from pipeline.evaluation.features import feature_network
from pipeline.evaluation.generator_report import report_of, write_report
from pipeline.evaluation.pictures import Sheet, nearest_sheets, sample_sheets
from pipeline.evaluation.sampling import Sampler
from pipeline.evaluation.settings import Settings
from pipeline.evaluation.subject import Subject, checkpoints_at, from_checkpoint, images_seen
from pipeline.evaluation.training_report import Curve
from pipeline.faces.detector import MTCNNDetector
from pipeline.networks.faceres import FaceEmbedder


@dataclass(frozen=True)
class Sources:
    """Where things lie.

    Attributes:
        data: folder of training faces.
        labels: their labels, or None for ``labels.jsonl`` in the folder, if there is one.
        features: name of the feature network.
        inception_weights: a file, for that network.
        cache: folder for features of training faces; None keeps none.
    """

    data: Path
    labels: Path | None
    features: str
    inception_weights: Path | None
    cache: Path | None


def materials_for(subject: Subject, sources: Sources) -> Materials:
    """Read the training faces and the networks; BadInput for whatever is wrong with them."""
    if sources.labels is not None and not sources.labels.is_file():
        raise BadInput(f"{sources.labels} is not a file with labels.")
    labels = sources.labels or sources.data / LABELS
    embedder = FaceEmbedder.load()
    network = feature_network(
        sources.features,
        embedder=embedder,
        face=subject.face,
        inception_weights=sources.inception_weights,
    )
    return Materials(
        data=read_data_set(sources.data, subject.resolution),
        network=network,
        embedder=embedder,
        cache=FeatureCache(sources.cache),
        labels=read_labels(labels) if labels.is_file() else {},
        detector=MTCNNDetector,
    )


def evaluate_generator(subject: Subject, sources: Sources, settings: Settings, out: Path) -> dict[str, Any]:
    """Examine one generator, write its report into ``out`` and return it."""
    materials, sampler = materials_for(subject, sources), Sampler(subject)
    findings = Examination(sampler, materials, settings).run()
    sheets = sample_sheets(sampler, materials.data, seed=settings.seed)
    if findings.nearest is not None:
        sheets += nearest_sheets(
            sampler,
            materials.data,
            findings.nearest,
            samples=settings.samples,
            truncation=settings.truncation,
            seed=settings.seed,
        )
    report = report_of(subject.facts, materials, settings, findings)
    write_report(out, report, sheets)
    return report


def checkpoints_in(paths: Iterable[Path]) -> list[Path]:
    """Checkpoints named, and all of folders named, by images seen; BadInput where there are none."""
    return sorted((file for path in paths for file in checkpoints_at(path)), key=images_seen)


def evaluate_training(checkpoints: list[Path], sources: Sources, settings: Settings, out: Path) -> Curve:
    """Measure checkpoints that have not been measured yet, writing after each; returns the whole curve."""
    curve: Curve | None = None
    materials: Materials | None = None
    for path in checkpoints:
        subject = from_checkpoint(path)
        if materials is None or materials.data.side != subject.resolution:
            materials = materials_for(subject, sources)
        if curve is None:
            curve = Curve.go_on(out, _conditions(materials, settings))
        if curve.knows(subject.facts["digest"]):
            continue
        curve.add(_row(subject, materials, settings, out))
        curve.write(out)
    if curve is None:
        raise BadInput("no checkpoint is named.")
    curve.write(out)
    return curve


def _conditions(materials: Materials, settings: Settings) -> dict[str, Any]:
    network = materials.network
    return {
        "data": {"folder": str(materials.data.folder), "digest": materials.data.digest},
        "features": {"name": network.name, "description": network.description, "digest": network.digest},
        "truncation": settings.truncation,
        "samples": settings.samples,
        "seed": settings.seed,
        "mirrored": settings.mirrored,
        "metrics": list(settings.metrics),
    }


def _row(subject: Subject, materials: Materials, settings: Settings, out: Path) -> dict[str, Any]:
    sampler = Sampler(subject)
    figures = Examination(sampler, materials, settings).run().figures
    sheet: Sheet = sample_sheets(sampler, materials.data, seed=settings.seed)[0]
    seen = int(subject.facts["images_seen"])
    shares = figures.get("precision_recall", {})
    return {
        "images_seen": seen,
        "digest": subject.facts["digest"],
        "resolution": subject.resolution,
        "grid": Sheet(f"samples-{seen:09d}", sheet.title, sheet.caption, sheet.images).write(out),
        "samples": settings.samples,
        "fid": figures.get("fid", {}).get("value"),
        "kid": figures.get("kid", {}).get("mean"),
        "precision": shares.get("precision"),
        "recall": shares.get("recall"),
    }
