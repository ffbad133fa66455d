"""SVG as text: what every diagram is made of."""

from collections.abc import Sequence
from html import escape


def text(x: float, y: float, content: str, colour: str = "currentColor", anchor: str = "start") -> str:
    """Words at a place."""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{escape(content)}</text>'


def box(x: float, y: float, width: float, height: float, fill: tuple[str, float]) -> str:
    """A rectangle filled with a colour, of an opacity from 0 to 1."""
    colour, opacity = fill
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}" '
        f'fill-opacity="{opacity:.3g}"/>'
    )


def svg(parts: Sequence[str], title: str, *, width: float, height: float) -> str:
    """The whole picture, ``title`` for those who cannot see it."""
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title)}" '
        f'font-family="sans-serif" font-size="12">{"".join(parts)}</svg>'
    )
