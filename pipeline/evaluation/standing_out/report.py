"""What was found of lineups, as plain values, rows and sheets of pictures."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from pipeline.appearance.standing_out import WORDS
from pipeline.evaluation.pictures import Sheet
from pipeline.evaluation.report import Row
from pipeline.evaluation.standing_out.examining import Examined
from pipeline.evaluation.standing_out.shares import shares_of

SHOWN: Final = 20
"""Lineups on the sheet, those first in which the suspect is the furthest from the others."""


def report_of(
    path: str, seed: int, examined: Sequence[Examined], detectors: dict[str, Any] | None
) -> dict[str, Any]:
    """Everything as plain values."""
    return {
        "check": "appearance",
        "settings": {"path": path, "seed": seed},
        "words": WORDS,
        "shares": shares_of(examined),
        "detectors": detectors,
        "lineups": [
            {"name": one.lineup.name, "about": one.lineup.about, **one.found.to_dict()} for one in examined
        ],
    }


def summary_of(report: dict[str, Any]) -> list[Row]:
    """The figures that one looks at first."""
    shares = report["shares"]
    rows: list[Row] = [
        ("Lineups", shares["lineups"]),
        ("By chance the suspect is the oddest in", _percent(shares["chance"])),
        ("The suspect is the oddest in", _said(shares["oddest"])),
    ]
    worst = sorted(shares["aspects"].items(), key=lambda item: -item[1]["share"])[:3]
    rows += [(f"… in {WORDS[name]}", _said(one)) for name, one in worst]
    groups = sorted(shares["groups"].items(), key=lambda item: -item[1]["share"])[:3]
    rows += [(f"… of {name}", _said(one)) for name, one in groups]
    if report["detectors"]:
        rows += [(f"Found by: {name}", _said(one)) for name, one in report["detectors"]["right"].items()]
    return rows


def sheet_of(examined: Sequence[Examined]) -> Sheet:
    """A row for each lineup, the suspect put first."""
    furthest = sorted(examined, key=lambda one: (one.found.rank, -one.found.combined[one.found.suspect]))
    most = max(len(one.lineup.heads) for one in examined)
    rows = []
    for one in furthest[:SHOWN]:
        images = [head.image for head in one.lineup.heads]
        images.insert(0, images.pop(one.lineup.suspect))
        rows += images + [np.full_like(images[0], 255)] * (most - len(images))
    return Sheet(
        "oddest",
        "Where the suspect is the furthest from the others",
        "A lineup in each row, the suspect first (a witness sees him at his place).",
        np.stack(rows),
        columns=most,
    )


def _said(one: dict[str, Any]) -> str:
    low, high = one["interval"]
    return f"{_percent(one['share'])} ({one['count']} of {one['of']}; 95 %: {low:.0%} to {high:.0%})"


def _percent(value: float) -> str:
    return f"{value:.1%}"
