"""``evaluate generator``: one generator against the faces that it learned from."""

import argparse
from dataclasses import asdict
from typing import Any

from pipeline.command_line import BadInput
from pipeline.evaluation.attributes import LABELS, read_labels
from pipeline.evaluation.cache import FeatureCache, default_folder
from pipeline.evaluation.dataset import read_data_set
from pipeline.evaluation.examination import Examination, Findings, Materials
from pipeline.evaluation.features import feature_network
from pipeline.evaluation.pictures import nearest_sheets, sample_sheets
from pipeline.evaluation.report import Outcome, software, write_report
from pipeline.evaluation.sampling import Sampler
from pipeline.evaluation.settings import Settings, settings_of
from pipeline.evaluation.subject import Subject, from_bundle, from_checkpoint
from pipeline.faces.detector import MTCNNDetector
from pipeline.networks.faceres import FaceEmbedder
from pipeline.reports.page import figure


def measure(arguments: argparse.Namespace) -> Outcome:
    """Examine a generator, and write down what came out."""
    settings = settings_of(arguments)
    if arguments.bundle is not None:
        subject = from_bundle(arguments.bundle)
    else:
        subject = from_checkpoint(arguments.checkpoint)
    materials, sampler = materials_for(subject, arguments), Sampler(subject)
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
    rows = summary_of(report)
    lines = [f"{name:60} {figure(value)}" for name, value in rows]
    return write_report(arguments.out, "generator", report, sheets, summary=lines, chief=rows)


def materials_for(subject: Subject, arguments: argparse.Namespace) -> Materials:
    """Read the training faces and the networks; BadInput for whatever is wrong with them.

    Args:
        arguments: ``data``; ``labels``, or None for ``labels.jsonl`` among the data, if it is there;
            ``features`` and ``inception_weights``; ``cache`` and ``no_cache``.
    """
    if arguments.labels is not None and not arguments.labels.is_file():
        raise BadInput(f"{arguments.labels} is not a file with labels.")
    labels = arguments.labels or arguments.data / LABELS
    embedder = FaceEmbedder.load()
    network = feature_network(
        arguments.features,
        embedder=embedder,
        face=subject.face,
        inception_weights=arguments.inception_weights,
    )
    return Materials(
        data=read_data_set(arguments.data, subject.resolution),
        network=network,
        embedder=embedder,
        cache=FeatureCache(None if arguments.no_cache else arguments.cache or default_folder()),
        labels=read_labels(labels) if labels.is_file() else {},
        detector=MTCNNDetector,
    )


def report_of(
    model: dict[str, Any], materials: Materials, settings: Settings, findings: Findings
) -> dict[str, Any]:
    """Everything as plain values."""
    data, network = materials.data, materials.network
    return {
        "model": model,
        "data": {
            "folder": str(data.folder),
            "pictures": len(data.images),
            "digest": data.digest,
            "side": data.side,
            "original_side": data.original_side,
            "mirrored": settings.mirrored,
        },
        "features": {
            "name": network.name,
            "description": network.description,
            "size": network.size,
            "digest": network.digest,
        },
        "settings": asdict(settings) | {"metrics": list(settings.metrics), "noise": "constant"},
        "figures": findings.figures,
        "seconds": findings.seconds,
        "software": software(),
    }


def summary_of(report: dict[str, Any]) -> list[tuple[str, float]]:
    """The figures that one looks at first: name → value."""
    figures, network = report["figures"], report["features"]["name"]
    wanted = (
        (f"FID ({network})", "fid", "value"),
        ("FID between halves of the training faces", "baseline", "halves"),
        ("FID of an untrained network", "baseline", "untrained"),
        ("FID bound: 2 x halves + 10 % of untrained", "baseline", "bound"),
        (f"KID ({network})", "kid", "mean"),
        ("precision", "precision_recall", "precision"),
        ("recall", "precision_recall", "recall"),
        ("precision between halves of the training faces", "baseline", "halves_precision"),
        ("recall between halves of the training faces", "baseline", "halves_recall"),
        ("density", "precision_recall", "density"),
        ("coverage", "precision_recall", "coverage"),
        ("told apart by the discriminator", "scores", "told_apart"),
        ("nearer to a training face than 99 % of those to one another", "nearest", "nearer"),
        ("face found", "detected", "share"),
    )
    rows: list[tuple[str, float]] = [
        (name, figures[metric][key]) for name, metric, key in wanted if key in figures.get(metric, {})
    ]
    lengths = figures.get("path_length", {})
    rows += [
        (f"path length in {name.replace('_', ', ')}", value["mean"])
        for name, value in lengths.items()
        if isinstance(value, dict)
    ]
    return rows
