"""A report as one HTML page: tables, diagrams, pictures beside it. Nothing comes from outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
table { border-collapse: collapse; margin: 1rem 0; }
caption { text-align: left; color: #555; padding-bottom: .3rem; }
th, td { border-bottom: 1px solid #ddd; padding: .25rem 1rem .25rem 0; text-align: left; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 1rem 0; } figcaption { color: #555; max-width: 50rem; }
img { max-width: 100%; image-rendering: auto; } svg { max-width: 48rem; width: 100%; }
"""
Cell = str | float | int | None


@dataclass(frozen=True)
class Table:
    """Rows under a head; numbers are set right."""

    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""

    def html(self) -> str:
        """The table."""
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in self.head)
        rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in self.rows)
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


@dataclass(frozen=True)
class Drawing:
    """A diagram, SVG text, with what it shows."""

    svg: str
    caption: str

    def html(self) -> str:
        """The figure."""
        return f"<figure>{self.svg}<figcaption>{escape(self.caption)}</figcaption></figure>"


@dataclass(frozen=True)
class Photograph:
    """A picture beside the page."""

    file: str
    alt: str
    caption: str

    def html(self) -> str:
        """The figure."""
        return (
            f'<figure><img src="{escape(self.file)}" alt="{escape(self.alt)}">'
            f"<figcaption>{escape(self.caption)}</figcaption></figure>"
        )


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    content: str

    def html(self) -> str:
        """The paragraph."""
        return f"<p>{escape(self.content)}</p>"


Block = Table | Drawing | Photograph | Text


def page(title: str, sections: Iterable[tuple[str, Sequence[Block]]]) -> str:
    """The whole page; sections without a block are left out."""
    body = "".join(
        f"<section><h2>{escape(heading)}</h2>{''.join(block.html() for block in blocks)}</section>"
        for heading, blocks in sections
        if blocks
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><h1>{escape(title)}</h1>{body}</body></html>\n"
    )


def figure(value: float) -> str:
    """A measured number, four digits."""
    return f"{value:.4g}"


def _cell(value: Cell) -> str:
    if isinstance(value, float):
        return f'<td class="number">{figure(value)}</td>'
    if isinstance(value, int):
        return f'<td class="number">{value:,}</td>'
    return f"<td>{'' if value is None else escape(value)}</td>"
