"""The report to look at: one HTML file that needs nothing else."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pipeline.dataset.build import diagrams
from pipeline.dataset.build.layout import REMOVED, Layout
from pipeline.reports.page import Block, Drawing, Photograph, Table, Text, page
from pipeline.whole_files import write_whole

# Files that cannot be read, by name, on the page; report.json has more, removed.jsonl all.
NAMED: Final = 100
OUTLIERS: Final = 0.002

Section = tuple[str, Sequence[Block]]


def write_page(layout: Layout, report: dict[str, Any], place: Path | None = None) -> None:
    """Write the page, with the contact sheets in it.

    Args:
        place: a folder for the temporary file.
    """
    sheets = json.loads(layout.sheets.read_bytes())
    title = f"Faces: {report['faces']:,} of {report['photographs']:,} photographs"
    sections = [
        _counts(report),
        _sides(report["smaller_side"]),
        _proportions(report["proportions"]),
        *_sheets(report["steps"], sheets),
        _unreadable(report),
    ]
    write_whole(layout.page, page(title, sections).encode("utf-8", "backslashreplace"), place)


def _counts(report: dict[str, Any]) -> Section:
    rows = [
        (written(step), step["images_in"], step["images_out"], step["images_in"] - step["images_out"])
        for step in report["steps"]
    ]
    removed = [(str(step["name"]), step["images_in"] - step["images_out"]) for step in report["steps"]]
    drawing = diagrams.rows(removed, total=report["photographs"], title="photographs removed by each step")
    output = report["output"]
    facts = (
        f"Sources: {', '.join(report['sources'])}. Files passed over, since their names are not those of "
        f"pictures: {report['ignored_files']:,}. Output: {report['faces']:,} faces, {output['format']}, "
        f"{', '.join(output['files']) or 'no file'}. Each photograph that was removed: {REMOVED}."
    )
    return "Counts after each step", [
        Text(facts),
        Table(("Step", "Images in", "Images out", "Removed"), rows, "As in Table 3.1 of the thesis."),
        Drawing(drawing, "Photographs removed by each step (Figure 3.7), with their share of all."),
    ]


def _sides(sides: dict[str, list[int]]) -> Section:
    values = [
        (str(least), count) for least, count in zip(sides["at_least"], sides["photographs"], strict=True)
    ]
    caption = (
        "Photographs whose smaller side is not smaller than the threshold (Figure 3.3), of those that could "
        "be read. It says which resolution the data can fill."
    )
    drawing = diagrams.columns(values, across="smaller side, pixels, at least", title="smaller sides")
    return "Size of the photographs", [Drawing(drawing, caption)]


def _proportions(proportions: dict[str, dict[str, int]]) -> Section:
    titles = {
        "original": "W/H of the faces in the photographs (Figure 3.4a).",
        "new": "W/H of the faces in the pictures made of them (Figure 3.4b).",
        "change": "Change of W/H: the second by the first, less one (Figure 3.4c).",
    }
    left_out = f" The {OUTLIERS:.1%} of the faces furthest out at each end are left out."
    blocks = [
        Drawing(diagrams.ratios(proportions[name], outliers=OUTLIERS, across="ratio"), title + left_out)
        for name, title in titles.items()
        if proportions[name]
    ]
    return "Proportions of the faces", blocks


def _sheets(steps: Sequence[dict[str, Any]], sheets: dict[str, str]) -> list[Section]:
    """What each step removed, and what got through."""
    sections: list[Section] = []
    for place, step in enumerate(steps):
        if str(place) in sheets:
            removed = step["images_in"] - step["images_out"]
            caption = f"{removed:,} removed by {written(step)}; here all of them, or a random sample."
            sections.append(
                (f"Removed by {step['name']}", [_sheet(sheets[str(place)], step["name"], caption)])
            )
    if str(len(steps)) in sheets:
        picture = _sheet(sheets[str(len(steps))], "faces", "A random sample of what was written.")
        sections.insert(0, ("What came of it", [picture]))
    return sections


def _sheet(data: str, name: str, caption: str) -> Photograph:
    return Photograph(f"data:image/jpeg;base64,{data}", f"contact sheet: {name}", caption)


def _unreadable(report: dict[str, Any]) -> Section:
    rows = [(each["source"], each["reason"]) for each in report["unreadable"][:NAMED]]
    load = report["steps"][0]
    count = load["images_in"] - load["images_out"]
    caption = f"The first {len(rows)} of {count:,}." if count > len(rows) else ""
    return "Files that could not be read", [Table(("File", "Reason"), rows, caption)] if rows else []


def written(step: dict[str, Any]) -> str:
    """A step as one would write it: ``size_filter(min_size=256)``."""
    arguments = ", ".join(f"{name}={value!r}" for name, value in step["arguments"].items())
    return f"{step['name']}({arguments})" if arguments else str(step["name"])
