"""A measurement written down: pictures, a page, and its figures as JSON."""

import json
import platform
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import keras

from pipeline.evaluation.pictures import Sheet
from pipeline.reports.page import page
from pipeline.whole_files import write_whole

FORMAT: Final = 1
PAGE: Final = "index.html"
REPORT: Final = "report.json"

Row = tuple[str, str | float | int | None]
"""A figure's name and value."""


@dataclass(frozen=True)
class Outcome:
    """What a measurement came to.

    Attributes:
        report: everything as plain values.
        summary: lines that say the chief figures, and where page and JSON are.
    """

    report: dict[str, Any]
    summary: Sequence[str]


def write_report(
    folder: Path,
    template: str,
    report: dict[str, Any],
    sheets: Sequence[Sheet] = (),
    *,
    summary: Sequence[str],
    file: str = REPORT,
    **shown: Any,
) -> Outcome:
    """Write the pictures, the page and, last, the JSON: where that lies, the rest is whole.

    Args:
        template: of the page.
        report: plain values; ``format`` is put before them.
        summary: lines to print.
        file: for the JSON.
        shown: what the template needs besides ``report`` and ``sheets``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in sheets:
        sheet.write(folder)
    report = {"format": FORMAT, **report}
    write_whole(folder / PAGE, page(template, report=report, sheets=sheets, **shown).encode())
    text = json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False)
    write_whole(folder / file, f"{text}\n".encode())
    return Outcome(report, [*summary, f"{folder / PAGE}  {folder / file}"])


def software() -> dict[str, str]:
    """What measured."""
    return {
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "python": platform.python_version(),
    }


@contextmanager
def timed(seconds: dict[str, float], part: str) -> Iterator[None]:
    """Note in ``seconds`` how long a part of the work takes."""
    started = time.monotonic()
    yield
    seconds[part] = round(time.monotonic() - started, 2)
