"""What was found of pages, as plain values and pictures, like figures 5.28-5.33 of the thesis."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from pipeline.evaluation.fillers.examining import Examined
from pipeline.evaluation.nearest import CopyFigures
from pipeline.evaluation.pictures import Sheet
from pipeline.evaluation.report import Row

# Figures of a page that are averaged over suspects.
AVERAGED: Final = ("similarity", "found", "drawn", "in_band")


def report_of(
    bundle: dict[str, Any],
    settings: dict[str, int],
    examined: Sequence[Examined],
    refused: dict[str, str],
    *,
    training: CopyFigures | None,
) -> dict[str, Any]:
    """Everything as plain values."""
    people = [one.figures for one in examined]
    pages = [
        {"page": number + 1, **_mean([person["pages"][number] for person in people], settings["count"])}
        for number in range(settings["pages"])
    ]
    return {
        "bundle": bundle,
        "settings": settings,
        "suspects": people,
        "refused": refused,
        "mean": {
            "pages": pages,
            "falls": sum(person["falls"] for person in people),
            "of": len(people),
            "seconds": float(np.median([person["seconds"] for person in people])),
            "locked": _locked([person["locked"] for person in people if person["locked"]], settings["count"]),
        },
        "training": None if training is None else asdict(training),
    }


def _mean(pages: Sequence[dict[str, Any]], count: int) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for name in AVERAGED:
        values = [one[name] for one in pages if one.get(name) is not None]
        figures[name] = float(np.mean(values)) if values else None
    for name, part in (("pairs", "mean"), ("pairs", "highest"), ("realism", "mean"), ("realism", "least")):
        values = [one[name][part] for one in pages if one.get(name)]
        figures[f"{name}_{part}"] = float(np.mean(values)) if values else None
    nearest = [one["nearest_training_face"]["highest"] for one in pages if one.get("nearest_training_face")]
    figures["nearest_training_face_highest"] = max(nearest) if nearest else None
    figures["full"] = float(np.mean([one["found"] == count for one in pages]))
    return figures


def _locked(pages: Sequence[dict[str, Any]], count: int) -> dict[str, Any] | None:
    if not pages:
        return None
    return {
        **_mean(pages, count),
        "agreement": _agreement(pages, "agreement"),
        "agreement_without_locks": _agreement(pages, "agreement_without_locks"),
    }


def _agreement(pages: Sequence[dict[str, Any]], name: str) -> dict[str, float]:
    keys = sorted({key for one in pages if one[name] for key in one[name]})
    return {key: float(np.mean([one[name][key] for one in pages if one[name]])) for key in keys}


def summary_of(report: dict[str, Any]) -> list[Row]:
    """The figures that one looks at first."""
    mean = report["mean"]
    rows: list[Row] = [
        ("Bundle", f"{report['bundle']['path']}, {report['bundle']['digest']}"),
        ("Band", "measured" if report["bundle"]["band"] else "none: by similarity alone"),
        ("Suspects", mean["of"]),
        ("Similarity falls from page to page for", mean["falls"]),
        ("Seconds to encode and draw the first page (median)", round(mean["seconds"], 3)),
    ]
    for one in mean["pages"]:
        alike = None if one["similarity"] is None else round(one["similarity"], 4)
        rows.append((f"Page {one['page']}: mean similarity", alike))
        rows.append((f"Page {one['page']}: faces found", round(one["found"], 2)))
    if mean["locked"]:
        rows.append(("With all locks: faces found", round(mean["locked"]["found"], 2)))
        rows += [
            (f"With all locks: {key} agrees", share) for key, share in mean["locked"]["agreement"].items()
        ]
    return rows


def sheet_of(one: Examined, count: int) -> Sheet:
    """The suspect, the reconstruction and a gap; then a row for each page, gaps where faces are missing."""
    side = one.suspect.crop.shape[0]
    blank = np.full((1, side, side, 3), 255, np.uint8)
    rows = [[one.suspect.crop[None], one.reconstruction[None], *[blank] * max(0, count - 2)]]
    rows += [[pictures, *[blank] * (count - len(pictures))] for pictures in one.pages]
    images = np.concatenate([part for row in rows for part in row])
    return Sheet(
        f"suspect-{one.suspect.name}",
        one.suspect.name,
        "The photograph and its reconstruction; below, a row for each page, the most alike first"
        + (", and a row with all attributes locked." if one.figures["locked"] else "."),
        images,
        columns=max(count, 2),
    )
