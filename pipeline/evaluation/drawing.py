"""Diagrams as SVG text: no library, no script, nothing from outside."""

from collections.abc import Sequence
from typing import Final

from pipeline.reports.svg import box, svg, text

WIDTH, HEIGHT, MARGIN = 640, 240, 44
REAL_COLOUR: Final = "#2f6f9f"
GENERATED_COLOUR: Final = "#c8702a"


def histogram(edges: Sequence[float], real: Sequence[int], generated: Sequence[int], *, label: str) -> str:
    """Shares of two kinds in the same bins, drawn over each other."""
    totals = max(sum(real), 1), max(sum(generated), 1)
    shares = [[n / total for n in counts] for counts, total in zip((real, generated), totals, strict=True)]
    highest = max(max(kind) for kind in shares) or 1.0
    low, high = edges[0], edges[-1]
    parts = []
    for kind, colour in zip(shares, (REAL_COLOUR, GENERATED_COLOUR), strict=True):
        for share, left, right in zip(kind, edges[:-1], edges[1:], strict=True):
            x0, x1 = _across(left, low, high), _across(right, low, high)
            height = share / highest * (HEIGHT - 2 * MARGIN)
            parts.append(box(x0, HEIGHT - MARGIN - height, x1 - x0, height, (colour, 0.55)))
    parts += _bottom([low, (low + high) / 2, high], low, high, label)
    parts += [
        text(WIDTH - MARGIN, 18, "training faces", REAL_COLOUR, "end"),
        text(WIDTH - MARGIN, 36, "samples", GENERATED_COLOUR, "end"),
    ]
    return svg(parts, f"{label}: training faces and samples", width=WIDTH, height=HEIGHT)


def curve(points: Sequence[tuple[float, float]], *, across: str, up: str) -> str:
    """A line through (x, y), the y axis from zero."""
    xs, highest = [x for x, _ in points], max(y for _, y in points) or 1.0
    low, high = min(xs), max(xs)
    placed = [(_across(x, low, high), _up(y, highest)) for x, y in points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    parts = [f'<polyline points="{line}" fill="none" stroke="{GENERATED_COLOUR}" stroke-width="2"/>']
    parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{GENERATED_COLOUR}"/>' for x, y in placed]
    parts += _bottom([low, high] if high > low else [low], low, high, across)
    parts += [text(4, _up(highest, highest) + 4, f"{highest:.3g}"), text(4, _up(0, highest) + 4, "0")]
    parts.append(text(4, 16, up))
    return svg(parts, f"{up} by {across}", width=WIDTH, height=HEIGHT)


def _across(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return MARGIN + share * (WIDTH - 2 * MARGIN)


def _up(value: float, highest: float) -> float:
    return HEIGHT - MARGIN - value / highest * (HEIGHT - 2 * MARGIN)


def _bottom(values: Sequence[float], low: float, high: float, label: str) -> list[str]:
    base = HEIGHT - MARGIN
    return [
        f'<line x1="{MARGIN}" y1="{base}" x2="{WIDTH - MARGIN}" y2="{base}" stroke="currentColor"/>',
        *(text(_across(v, low, high), base + 16, f"{v:,.4g}", anchor="middle") for v in values),
        text(WIDTH / 2, HEIGHT - 8, label, anchor="middle"),
    ]
