"""The examination written down: ``report.json``, a page, and three pictures of each person."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import cv2
import keras
import numpy as np

from pipeline.evaluation import perceptual
from pipeline.evaluation.generator_report import PAGE, REPORT
from pipeline.evaluation.pictures import Sheet
from pipeline.evaluation.reconstruction.examining import Examined
from pipeline.evaluation.reconstruction.identity import DESCRIPTION
from pipeline.reports.page import Block, Cell, Photograph, Table, Text, page
from pipeline.reports.writing import write_whole

FORMAT: Final = 1
PEOPLE_A_SHEET: Final = 8
NAMES: Final = {
    "pixel_mse": "Mean squared error of pixels in [-1, 1]",
    "ssim": "Structural similarity",
    "feature_distance": "Feature distance",
    "identity": "Identity similarity",
}
TARGETS: Final = {
    "pixel_mse_ratio": "error after refining as a share of that before (wanted: 0.5 at most)",
    "identity_gain": "gain of identity similarity (wanted: 0.15 at least)",
    "realism": "realism of other faces (0.5 before; wanted: 0.475 to 0.525)",
    "path_length_ratio": "path length as a share of that before (wanted: 0.8 to 1.2)",
}


def report_of(
    examined: Sequence[Examined],
    without: Mapping[str, str],
    *,
    bundle: Mapping[str, Any],
    settings: Mapping[str, Any],
) -> dict[str, Any]:
    """Everything as plain values."""
    people = {one.portrait.name: _person(one) for one in examined}
    return {
        "format": FORMAT,
        "bundle": dict(bundle),
        "settings": dict(settings),
        "people": people,
        "without_a_face": dict(without),
        "mean": _means([*people.values()]),
        "measures": {"identity": DESCRIPTION, "feature_distance": perceptual.DESCRIPTION},
        "software": {
            "keras": keras.__version__,
            "backend": keras.backend.backend(),
            "python": platform.python_version(),
        },
    }


def write_report(folder: Path, report: dict[str, Any], examined: Sequence[Examined]) -> None:
    """Write the pictures, the page and, last, the JSON: where that lies, the rest is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in examined:
        for kind, image in (
            ("input", one.portrait.crop),
            ("encoded", one.encoded),
            ("refined", one.refined),
        ):
            _write_png(folder / f"{one.portrait.name}_{kind}.png", image)
    sheets = [
        _sheet(examined[start : start + PEOPLE_A_SHEET], number)
        for number, start in enumerate(range(0, len(examined), PEOPLE_A_SHEET), 1)
    ]
    pictures: list[Block] = [Photograph(sheet.write(folder), sheet.title, sheet.caption) for sheet in sheets]
    sections = [("Figures", _tables(report)), ("Reconstructions", pictures)]
    write_whole(folder / PAGE, page(f"Reconstruction: {report['bundle']['name']}", sections))
    write_whole(folder / REPORT, json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def summary(report: dict[str, Any]) -> list[tuple[str, Cell]]:
    """The figures that one looks at first: name → value."""
    mean = report["mean"]
    rows: list[tuple[str, Cell]] = []
    for key, name in NAMES.items():
        rows += [(f"{name}, {when}", mean[when][key]) for when in ("before", "after")]
    return rows + [(name, mean["targets"][key]) for key, name in TARGETS.items()]


def _person(one: Examined) -> dict[str, Any]:
    before, after, others = asdict(one.before), asdict(one.after), asdict(one.others)
    gained = None
    if one.before.identity is not None and one.after.identity is not None:
        gained = one.after.identity - one.before.identity
    return {
        "before": before,
        "after": after,
        "others": others,
        "targets": {
            "pixel_mse_ratio": one.after.pixel_mse / one.before.pixel_mse,
            "identity_gain": gained,
            "realism": one.others.realism,
            "path_length_ratio": one.others.path_length / one.others.untuned_path_length,
        },
        "seconds": one.seconds,
        "bytes": one.bytes,
        "refinement": asdict(one.notes),
    }


def _means(people: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Over all people, of each figure that all of them have; None of others."""
    return {
        part: {key: _mean([person[part][key] for person in people]) for key in people[0][part]}
        for part in ("before", "after", "others", "targets")
    } | {"seconds": _mean([person["seconds"] for person in people])}


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if len(known) == len(values) else None


def _tables(report: dict[str, Any]) -> list[Block]:
    settings, people = report["settings"], report["people"]
    head = ["", *(f"{name}, {when}" for name in NAMES.values() for when in ("encoded", "refined")), "Seconds"]
    rows = [
        [
            name,
            *(person[when][key] for key in NAMES for when in ("before", "after")),
            person["seconds"],
        ]
        for name, person in [*people.items(), ("mean", report["mean"])]
    ]
    targets = [
        [name, *(person["targets"][key] for key in TARGETS)]
        for name, person in [*people.items(), ("mean", report["mean"])]
    ]
    blocks: list[Block] = [
        Text(
            f"{len(people)} photographs, each refined for {settings['seconds']:g} s by the method "
            f"{settings['method']}, counted by the {settings['clock']} clock; bundle "
            f"{report['bundle']['digest'][:12]}."
        ),
        Table(head, rows),
        Table(["", *TARGETS.values()], targets),
    ]
    blocks += [Text(f"{NAMES[key]}: {text}.") for key, text in report["measures"].items()]
    blocks += [Text(f"{name}: {reason}") for name, reason in report["without_a_face"].items()]
    return blocks


def _sheet(examined: Sequence[Examined], number: int) -> Sheet:
    """As in the thesis' figures 5.25 and 5.27."""
    rows = [
        *(one.portrait.crop for one in examined),
        *(one.refined for one in examined),
        *(one.encoded for one in examined),
    ]
    names = ", ".join(one.portrait.name for one in examined)
    caption = f"Photographs, above their reconstructions with and, below, without refining: {names}."
    return Sheet(f"reconstructions-{number}", "Reconstructions", caption, np.stack(rows), len(examined))


def _write_png(path: Path, image: np.ndarray) -> None:
    if not cv2.imwrite(str(path), image[:, :, ::-1]):
        raise OSError(f"could not write {path}")
