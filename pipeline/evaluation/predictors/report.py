"""An examination of attribute models written down: ``report.json`` and a page with drawings and pictures."""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import keras

from pipeline.evaluation.generator_report import PAGE, REPORT
from pipeline.evaluation.pictures import Sheet
from pipeline.evaluation.predictors.examining import Findings, Settings
from pipeline.evaluation.predictors.judging import Judged
from pipeline.evaluation.predictors.sections import sections
from pipeline.reports.page import Photograph, page
from pipeline.reports.writing import write_whole

FORMAT: Final = 1


def report_of(
    models: dict[str, Any], data: dict[str, Any] | None, settings: Settings, findings: Findings
) -> dict[str, Any]:
    """Everything as plain values.

    Args:
        models: what they are and where they come from.
        data: folder and layout of the labelled faces; None where there were none.
    """
    faces = findings.measured
    measured = None
    if faces is not None and data is not None:
        measured = {**data, "measured_on": faces.what, "faces": len(faces), "real_people": faces.real_people}
    return {
        "format": FORMAT,
        "models": models,
        "data": measured,
        "settings": asdict(settings),
        "labels": {label: asdict(figures) for label, figures in findings.labels.items()},
        "traits": {key: _trait(judged) for key, judged in findings.traits.items()},
        "histograms": [asdict(histogram) for histogram in findings.histograms],
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
    pictures = [
        (sheet.title, [Photograph(sheet.write(folder), sheet.title, sheet.caption)]) for sheet in sheets
    ]
    write_whole(folder / PAGE, page("Attribute models", [*sections(report), *pictures]))
    write_whole(folder / REPORT, json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def _trait(judged: Judged) -> dict[str, Any]:
    return {
        "accuracy": asdict(judged.accuracy),
        "near": None if judged.near is None else asdict(judged.near),
        "values": judged.names,
        "classes": {name: asdict(figures) for name, figures in judged.classes.items()},
        "confusion": judged.matrix.tolist(),
        "by_group": {
            kind: {name: asdict(share) for name, share in shares.items()}
            for kind, shares in judged.by_group().items()
        },
    }
