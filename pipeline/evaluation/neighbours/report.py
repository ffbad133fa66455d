"""What was found, written down: ``report.json``, and a page like figures 5.28-5.33 of the thesis."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipeline.evaluation.generator_report import PAGE, REPORT
from pipeline.evaluation.nearest import CopyFigures
from pipeline.evaluation.neighbours.examining import AVERAGED, Examined, Settings
from pipeline.evaluation.pictures import Sheet
from pipeline.reports.page import Block, Cell, Photograph, Table, page
from pipeline.reports.writing import write_whole

FORMAT: Final = 1


def report_of(
    bundle: dict[str, Any],
    settings: Settings,
    examined: Sequence[Examined],
    refused: dict[str, str],
    *,
    training: CopyFigures | None,
) -> dict[str, Any]:
    """Everything as plain values."""
    people = [one.figures for one in examined]
    pages = [
        {"page": number + 1, **_mean([person["pages"][number] for person in people], settings.count)}
        for number in range(settings.pages)
    ]
    return {
        "format": FORMAT,
        "bundle": bundle,
        "settings": asdict(settings),
        "suspects": people,
        "refused": refused,
        "mean": {
            "pages": pages,
            "falls": sum(person["falls"] for person in people),
            "of": len(people),
            "seconds": float(np.median([person["seconds"] for person in people])),
            "locked": _locked([person["locked"] for person in people if person["locked"]], settings.count),
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


def write_report(folder: Path, report: dict[str, Any], examined: Iterable[Examined]) -> None:
    """Write the pictures, the page and, last, the JSON: where that lies, the rest is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    count = report["settings"]["count"]
    pictures = [(one.suspect.name, [_shown(one, folder, count)]) for one in examined]
    facts = Table(("Figure", "Value"), summary(report))
    sections: list[tuple[str, Sequence[Block]]] = [
        ("What was measured", [facts]),
        ("By page", [_by_page(report)]),
        ("By suspect", [_by_suspect(report)]),
        *pictures,
    ]
    write_whole(folder / PAGE, page(f"Neighbours: {report['bundle']['name']}", sections))
    write_whole(folder / REPORT, json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def summary(report: dict[str, Any]) -> list[tuple[str, Cell]]:
    """The figures that one looks at first."""
    mean = report["mean"]
    rows: list[tuple[str, Cell]] = [
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


def _by_page(report: dict[str, Any]) -> Table:
    head = (
        "Page",
        "Similarity",
        "Found",
        "Drawn",
        "In the band",
        "Pairs: mean",
        "Pairs: highest",
        "Realism",
        "Nearest training face",
    )
    names = (
        "page",
        "similarity",
        "found",
        "drawn",
        "in_band",
        "pairs_mean",
        "pairs_highest",
        "realism_mean",
        "nearest_training_face_highest",
    )
    rows = [[one[name] for name in names] for one in report["mean"]["pages"]]
    caption = "Means over suspects; of the nearest training face, the highest similarity of any filler."
    if report["training"]:
        threshold = report["training"]["threshold"]
        caption += f" One training face in a hundred is nearer than {threshold:.3f} to another."
    return Table(head, rows, caption)


def _by_suspect(report: dict[str, Any]) -> Table:
    numbers = range(1, report["settings"]["pages"] + 1)
    head = (
        "Suspect",
        "Reconstruction",
        "Band",
        *(f"Page {n}: similarity, found" for n in numbers),
        "Rejected",
    )
    rows = []
    for one in report["suspects"]:
        band = "none" if one["band"] is None else "{:.3f} to {:.3f}".format(*one["band"])
        pages = [
            "none" if page["similarity"] is None else f"{page['similarity']:.3f}, {page['found']}"
            for page in one["pages"]
        ]
        first = one["pages"][0]["rejected"]
        why = ", ".join(f"{number} {reason}" for reason, number in first.items())
        rows.append([one["name"], one["reconstruction_similarity"], band, *pages, why])
    caption = "Similarity to the photograph. Rejected: candidates of the first page, by reason."
    return Table(head, rows, caption)


def _shown(one: Examined, folder: Path, count: int) -> Photograph:
    """The suspect, the reconstruction and a gap; then a row for each page, gaps where faces are missing."""
    side = one.suspect.crop.shape[0]
    blank = np.full((1, side, side, 3), 255, np.uint8)
    rows = [[one.suspect.crop[None], one.reconstruction[None], *[blank] * max(0, count - 2)]]
    rows += [[pictures, *[blank] * (count - len(pictures))] for pictures in one.pages]
    images = np.concatenate([part for row in rows for part in row])
    sheet = Sheet(
        f"suspect-{one.suspect.name}",
        one.suspect.name,
        "The photograph and its reconstruction; below, a row for each page, the most alike first"
        + (", and a row with all attributes locked." if one.figures["locked"] else "."),
        images,
        columns=max(count, 2),
    )
    return Photograph(sheet.write(folder), sheet.title, sheet.caption)
