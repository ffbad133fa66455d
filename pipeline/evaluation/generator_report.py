"""An examination written down: ``report.json`` and a page with pictures."""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import keras

from pipeline.evaluation import drawing
from pipeline.evaluation.examination import Findings, Materials
from pipeline.evaluation.pictures import Sheet
from pipeline.evaluation.settings import Settings
from pipeline.reports.page import Block, Cell, Drawing, Photograph, Table, Text, page
from pipeline.reports.writing import write_whole

FORMAT: Final = 1
REPORT: Final = "report.json"
PAGE: Final = "index.html"
JUDGES: Final = {
    "features": "Shares as a linear classifier on the features judges them, for training faces that it was "
    "not taught with and for samples. Its accuracy (balanced) says how far to believe it.",
    "models": "Shares as the bundle's attribute models see them, of training faces and of samples. Their "
    "accuracy, as the bundle says it, says how far to believe them.",
}


def report_of(
    model: dict[str, Any], materials: Materials, settings: Settings, findings: Findings
) -> dict[str, Any]:
    """Everything as plain values."""
    data, network = materials.data, materials.network
    return {
        "format": FORMAT,
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
        "software": {
            "keras": keras.__version__,
            "backend": keras.backend.backend(),
            "python": platform.python_version(),
        },
    }


def write_report(folder: Path, report: dict[str, Any], sheets: Sequence[Sheet]) -> None:
    """Write the pictures, the page and, last, the JSON: where that lies, the rest is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [(sheet, sheet.write(folder)) for sheet in sheets]
    pictures = [(sheet.title, [Photograph(file, sheet.title, sheet.caption)]) for sheet, file in files]
    title = f"Generator: {report['model']['name']}"
    sections: list[tuple[str, Sequence[Block]]] = [("What was measured", _facts(report)), *_figures(report)]
    write_whole(folder / PAGE, page(title, [*sections, *pictures]))
    write_whole(folder / REPORT, json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def summary(report: dict[str, Any]) -> list[tuple[str, Cell]]:
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
    rows: list[tuple[str, Cell]] = [
        (name, figures[metric][key]) for name, metric, key in wanted if key in figures.get(metric, {})
    ]
    lengths = figures.get("path_length", {})
    rows += [
        (f"path length in {name.replace('_', ', ')}", value["mean"])
        for name, value in lengths.items()
        if isinstance(value, dict)
    ]
    return rows


def _facts(report: dict[str, Any]) -> list[Block]:
    model, data, settings = report["model"], report["data"], report["settings"]
    resized = data["original_side"] != data["side"]
    mirrored = "with their mirror images" if data["mirrored"] else "as they are, without mirror images"
    if model["trained_mirrored"] and not data["mirrored"]:
        mirrored += " (the generator was also shown mirrored ones)"
    rows: list[tuple[str, Cell]] = [
        ("Model", f"{model['kind']} {model['name']}, {model['path']}"),
        ("SHA-256", model["digest"]),
        ("Parameters", model["parameters"]),
        ("Training images seen", model["images_seen"]),
        ("Resolution", f"{model['resolution']} x {model['resolution']}"),
        ("Training faces", f"{data['pictures']:,} of {data['folder']}, {mirrored}"),
        ("Their size", f"{data['original_side']} px" + (", brought down by the mean" if resized else "")),
        ("Feature network", report["features"]["description"]),
        ("Samples", f"{settings['samples']:,}, ψ = {settings['truncation']}, seed {settings['seed']}"),
    ]
    facts = Table(("", ""), rows)
    figures = Table(("Figure", "Value"), summary(report))
    note = Text(
        f"Distances in the features of {report['features']['name']} can be compared with one another, not "
        "with published figures, which are measured with Inception's graph of 2015."
    )
    return [facts, figures, note]


def _figures(report: dict[str, Any]) -> list[tuple[str, Sequence[Block]]]:
    figures = report["figures"]
    sections: list[tuple[str, Sequence[Block]]] = []
    if "path_length" in figures:
        values = figures["path_length"]
        rows = [
            (name[0], name[2:], value["mean"], value["error"], value["samples"])
            for name, value in values.items()
            if isinstance(value, dict)
        ]
        table = Table(
            ("Space", "Ways", "Length", "Standard error", "Pairs"),
            rows,
            f"Distance: {values['distance']}; ε = {values['epsilon']}.",
        )
        sections.append(("Perceptual path length", [table]))
    if "scores" in figures:
        sections.append(("Discriminator's scores", _scores(figures["scores"])))
    if "nearest" in figures:
        likeness = [(name.replace("_", " "), value) for name, value in figures["nearest"].items()]
        sections.append(("Nearest training faces", [Table(("Cosine similarity", ""), likeness)]))
    if "attributes" in figures:
        sections.append(("Kinds of people", _attributes(figures["attributes"])))
    return sections


def _scores(values: dict[str, Any]) -> list[Block]:
    if "absent" in values:
        return [Text(f"Not measured: {values['absent']}.")]
    svg = drawing.histogram(values["edges"], values["real"], values["generated"], label="logit")
    rows = [
        ("training faces", values["real_mean"], values["real_deviation"]),
        ("samples", values["generated_mean"], values["generated_deviation"]),
    ]
    caption = f"Pictures were judged in batches of {values['batch']} of one kind."
    return [Drawing(svg, caption), Table(("", "Mean", "Deviation"), rows)]


def _attributes(values: dict[str, Any]) -> list[Block]:
    if "absent" in values:
        return [Text(f"Not measured: {values['absent']}.")]
    blocks: list[Block] = [
        Text(JUDGES[judge]) for judge in {spread["judge"]: 0 for spread in values.values()}
    ]
    for name, spread in values.items():
        rows = [(kind, share, spread["samples"][kind]) for kind, share in spread["training"].items()]
        known = "not measured" if spread["accuracy"] is None else f"{spread['accuracy']:.2f}"
        caption = f"{name.replace('_', ' ')}: accuracy {known}, distance {spread['distance']:.3f}"
        blocks.append(Table(("Class", "Training faces", "Samples"), rows, caption))
    return blocks
