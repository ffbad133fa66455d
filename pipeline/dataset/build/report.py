"""A finished build in figures: ``report.json``, ``removed.jsonl``, the contact sheets, and a page of all."""

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from pipeline.dataset.build.layout import REMOVED, Layout
from pipeline.dataset.build.tally import Removal, Tally
from pipeline.dataset.build.thumbnails import sheet
from pipeline.reports.page import page
from pipeline.whole_files import write_whole, writing

FORMAT: Final = 1
# Files that cannot be read are named in the report itself up to this number; all are in removed.jsonl.
NAMED: Final = 1000
# Thresholds of Figure 3.3 are 32 pixels apart, or a multiple of that where photographs are large.
THRESHOLD, THRESHOLDS = 32, 32
# This share of the faces, furthest out at each end, is left out of Figure 3.4.
OUTLIERS: Final = 0.002


def tallies(layout: Layout) -> Iterator[Tally]:
    """The tallies that are written, in the order of the photographs, one in memory at a time."""
    for path in sorted(layout.work.glob("*-*.json")):
        yield Tally.from_bytes(path.read_bytes())


def add_up(layout: Layout, tell: Callable[[Removal], object]) -> tuple[Tally, list[Removal]]:
    """Add up all tallies.

    Args:
        tell: told of every photograph that did not get through.

    Returns:
        The sum, and the first photographs that could not be read.
    """
    whole = Tally()
    unreadable: list[Removal] = []
    for tally in tallies(layout):
        whole.add(tally)
        for removal in tally.removals:
            tell(removal)
            if removal.place == 0 and len(unreadable) < NAMED:
                unreadable.append(removal)
    return whole, unreadable


def conclude(layout: Layout, plan: dict[str, Any], files: Sequence[str]) -> dict[str, Any]:
    """Write everything about a build whose output is there; the figures last. Returns them.

    Args:
        plan: see ``plan_of``.
        files: of the output.
    """
    with writing(layout.removed, layout.work) as file:
        whole, unreadable = add_up(
            layout, lambda removal: file.write(json.dumps(removal.to_json()).encode() + b"\n")
        )
    report = report_of(plan, whole, unreadable, files)
    write_sheets(layout, whole)
    write_page(layout, report, layout.work)
    write_whole(layout.report, (json.dumps(report, indent=2) + "\n").encode(), layout.work)
    return report


def report_of(
    plan: dict[str, Any], whole: Tally, unreadable: Sequence[Removal], files: Sequence[str]
) -> dict[str, Any]:
    """The figures as plain values; nothing in them depends on when, where or by how many it was built."""
    steps = [{"name": "load", "kind": "load", "arguments": {}}, *plan["steps"]]
    return {
        "format": FORMAT,
        "sources": plan["sources"],
        "photographs": plan["photographs"],
        "ignored_files": plan["ignored"],
        "steps": [
            {**step, "images_in": whole.taken[place], "images_out": whole.kept[place]}
            for place, step in enumerate(steps)
        ],
        "faces": whole.kept[len(steps) - 1],
        "output": {"format": plan["output"], "files": list(files)},
        "unreadable": [{"source": removal.source, "reason": removal.reason} for removal in unreadable],
        "smaller_side": smaller_sides(whole.sides),
        "proportions": {name: sorted_ratios(ratios) for name, ratios in whole.proportions.items()},
    }


def smaller_sides(sides: Counter[int]) -> dict[str, list[int]]:
    """How many photographs have a smaller side of at least so many pixels (Figure 3.3)."""
    largest = max(sides, default=0)
    apart = THRESHOLD * max(1, -(-largest // (THRESHOLD * THRESHOLDS)))
    thresholds = [apart * place for place in range(largest // apart + 2)]
    falling = Counter[int]()
    for side, count in sides.items():
        falling[side // apart] += count
    at_least = list(accumulate(falling[place] for place in reversed(range(len(thresholds)))))[::-1]
    return {"at_least": thresholds, "photographs": at_least}


def sorted_ratios(ratios: Counter[str]) -> dict[str, int]:
    """Counts by ratio, the least first."""
    return {ratio: ratios[ratio] for ratio in sorted(ratios, key=float)}


def write_sheets(layout: Layout, whole: Tally) -> None:
    """Write the contact sheets, as JPEG in JSON: place of the step that removed the photos -> sheet."""
    sheets = {
        place: base64.b64encode(sheet(whole.thumbnails[place])).decode() for place in sorted(whole.thumbnails)
    }
    write_whole(layout.sheets, json.dumps(sheets).encode(), layout.work)


def write_page(layout: Layout, report: dict[str, Any], place: Path | None = None) -> None:
    """Write the page: one HTML file that needs nothing else, with the contact sheets in it.

    Args:
        place: a folder for the temporary file.
    """
    sides = report["smaller_side"]
    text = page(
        "dataset",
        report=report,
        sheets={int(step): data for step, data in json.loads(layout.sheets.read_bytes()).items()},
        sides=list(zip(sides["at_least"], sides["photographs"], strict=True)),
        removed=[(step["name"], step["images_in"] - step["images_out"]) for step in report["steps"]],
        removals=REMOVED,
        outliers=OUTLIERS,
        ratios=ratios,
        written=written,
    )
    write_whole(layout.page, text.encode("utf-8", "backslashreplace"), place)


def ratios(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Counts by ratio, 0.01 apart without a gap; those furthest out at both ends are left out."""
    total, below = sum(counts.values()), 0
    shown: dict[int, int] = {}
    for ratio, count in sorted((round(float(ratio) * 100), count) for ratio, count in counts.items()):
        if below + count > OUTLIERS * total and below < (1 - OUTLIERS) * total:
            shown[ratio] = count
        below += count
    scale = range(min(shown, default=0), max(shown, default=-1) + 1)
    return [(f"{ratio / 100:.2f}", shown.get(ratio, 0)) for ratio in scale]


def written(step: dict[str, Any]) -> str:
    """A step as one would write it: ``size_filter(min_size=256)``."""
    arguments = ", ".join(f"{name}={value!r}" for name, value in step["arguments"].items())
    return f"{step['name']}({arguments})" if arguments else str(step["name"])
