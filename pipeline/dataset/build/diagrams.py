"""Bars over a scale of numbers, as SVG (Figures 3.3, 3.4 and 3.7)."""

from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.reports.svg import box, svg, text

COLOUR: Final = ("#2f6f9f", 0.85)
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 240, 64, 16, 16, 44
LABELS: Final = 7
ROW, NAME, LONGEST = 26, 210, 320


def columns(values: Sequence[tuple[str, int]], *, across: str, title: str) -> str:
    """A column for each value; some are labelled below.

    Args:
        across: what the labels are.
        title: for those who cannot see it.
    """
    highest = max((count for _, count in values), default=0) or 1
    width = (WIDTH - LEFT - RIGHT) / max(len(values), 1)
    base = HEIGHT - BOTTOM
    every = max(1, -(-len(values) // LABELS))
    parts = [text(LEFT - 8, TOP + 10, f"{highest:,}", anchor="end"), text(LEFT - 8, base, "0", anchor="end")]
    for place, (label, count) in enumerate(values):
        height = count / highest * (base - TOP)
        parts.append(box(LEFT + width * place, base - height, max(width - 1, 0.5), height, COLOUR))
        if place % every == 0:
            parts.append(text(LEFT + width * (place + 0.5), base + 16, label, anchor="middle"))
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, across, anchor="middle"))
    return svg(parts, title, width=WIDTH, height=HEIGHT)


def rows(values: Sequence[tuple[str, int]], *, total: int, title: str) -> str:
    """A bar for each name, with its count and the share of ``total``."""
    parts = []
    for place, (name, count) in enumerate(values):
        y, share = ROW * place, count / total if total else 0.0
        parts.append(text(NAME - 8, y + 17, name, anchor="end"))
        parts.append(box(NAME, y + 4, LONGEST * share, ROW - 8, COLOUR))
        parts.append(text(NAME + LONGEST * share + 6, y + 17, f"{count:,} ({share:.1%})"))
    return svg(parts, title, width=WIDTH, height=ROW * max(len(values), 1))


def ratios(counts: Mapping[str, int], *, outliers: float, across: str) -> str:
    """Counts by ratio, 0.01 apart.

    Args:
        outliers: ratios at both ends that make up this share of all are left out, each end by itself.
    """
    hundredths = sorted((round(float(ratio) * 100), count) for ratio, count in counts.items())
    total, below = sum(counts.values()), 0
    shown: dict[int, int] = {}
    for hundredth, count in hundredths:
        if below + count > outliers * total and below < (1 - outliers) * total:
            shown[hundredth] = count
        below += count
    scale = range(min(shown, default=0), max(shown, default=-1) + 1)
    return columns([(f"{at / 100:.2f}", shown.get(at, 0)) for at in scale], across=across, title=across)
