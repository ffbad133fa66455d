"""Tables of counts as drawings: confusion matrices (thesis, figures 5.12, 5.13) and bars (5.22, 5.23)."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from pipeline.reports.svg import box, svg, text

COLOUR: Final = "#2f6f9f"
SECOND_COLOUR: Final = "#c8702a"
LETTER: Final = 7.0  # pixels that a letter takes at most, about
CELL: Final = 58.0
ROW, BAR, LONGEST = 34.0, 13.0, 420.0


def confusion_matrix(classes: Sequence[str], counts: np.ndarray) -> str:
    """A square of shares of each true class (row by row), with the counts; int (classes, classes)."""
    left = 24 + LETTER * max(map(len, classes))
    side = CELL * len(classes)
    parts = [text(left + side / 2, 14, "predicted", anchor="middle"), text(0, 14, "true")]
    totals = counts.sum(axis=1)
    for row, name in enumerate(classes):
        y = 58 + CELL * row
        parts.append(text(left - 8, y + CELL / 2 + 4, name, anchor="end"))
        for line, words in enumerate(_in_two(name)):
            parts.append(text(left + CELL * (row + 0.5), 34 + 14 * line, words, anchor="middle"))
        for column in range(len(classes)):
            x = left + CELL * column
            part = float(counts[row, column] / totals[row]) if totals[row] else 0.0
            parts.append(box(x, y, CELL - 1, CELL - 1, (COLOUR, 0.04 + 0.96 * part)))
            if counts[row, column]:
                ink = "#fff" if part > 0.5 else "currentColor"
                parts.append(text(x + CELL / 2, y + CELL / 2 - 3, f"{part:.2f}", ink, "middle"))
                parts.append(text(x + CELL / 2, y + CELL / 2 + 13, f"{counts[row, column]:,}", ink, "middle"))
    return svg(parts, "confusion matrix", width=left + side + 8, height=62 + side)


def bars(counts: Mapping[str, Sequence[int]], kinds: Sequence[tuple[str, int]]) -> str:
    """Horizontal bars for each name, one for each of one or two kinds: shares of each kind's total.

    Args:
        counts: name → a count for each kind.
        kinds: name and total of each.
    """
    colours = (COLOUR, SECOND_COLOUR)
    left = 16 + LETTER * max(map(len, counts))
    parts = [
        text(left, 14 + 16 * place, f"{name} (of {total:,})", colours[place])
        for place, (name, total) in enumerate(kinds)
    ]
    top = 14.0 + 16 * len(kinds)
    for row, (name, values) in enumerate(counts.items()):
        y = top + ROW * row
        parts.append(text(left - 8, y + BAR + 4, name, anchor="end"))
        for place, (count, (_, total)) in enumerate(zip(values, kinds, strict=True)):
            part = count / total if total else 0.0
            at = y + BAR * place
            parts.append(box(left, at, LONGEST * part, BAR - 2, (colours[place], 1.0)))
            parts.append(text(left + LONGEST * part + 5, at + BAR - 3, f"{count:,}  ({part:.1%})"))
    return svg(parts, "counts by class", width=left + LONGEST + 110, height=top + ROW * len(counts))


def _in_two(name: str) -> tuple[str, str]:
    """A class above a column, on two lines: as much as fits."""
    most = int(CELL / LETTER) + 1
    first, _, second = name.partition(" ")
    short = (word if len(word) <= most else f"{word[: most - 1]}…" for word in (first, second))
    return next(short), next(short)
