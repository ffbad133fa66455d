"""Annotated faces as a file: JSON, one object a line, the first about all of them.

While faces are being annotated the file is called ``NAME.partial``; it grows by whole batches, and what was
written is not computed again by a later run. It gets its name when it is complete.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from pipeline.command_line import BadInput

KIND: Final = "annotated faces"
FORMAT: Final = 1
# Values of a trait that is there or not.
YES: Final = "yes"
NO: Final = "no"
# Of the first line, what decides whether a later run can go on. The rest is measured or said besides.
DECISIVE: Final = ("kind", "format", "bundle", "predictors", "source", "traits", "outputs")

Row = dict[str, Any]


@dataclass(frozen=True)
class Records:
    """A complete file, read.

    Attributes:
        head: its first line.
        rows: one for each face, in order.
    """

    head: Row
    rows: list[Row]


def read_records(path: Path) -> Records:
    """Read a complete file; BadInput if it is none."""
    try:
        with path.open() as file:
            head = _head(path, file.readline())
            rows = [json.loads(line) for line in file]
    except OSError as error:
        hint = " It is not complete yet: run annotate again." if partial_of(path).is_file() else ""
        raise BadInput(f"{path} cannot be read: {error.strerror}.{hint}") from error
    except ValueError as error:
        raise BadInput(f"{path} is no file of annotated faces: {error}") from error
    if not all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows):
        raise BadInput(f"{path} has lines that are about no face.")
    return Records(head, rows)


def partial_of(path: Path) -> Path:
    """Where a file grows until it is complete."""
    return path.with_name(f"{path.name}.partial")


class Writer:
    """Adds rows to a file, going on where an earlier run ended.

    Args:
        path: of the file.
        head: its first line; what an earlier run measured (``DECISIVE`` leaves it out) is kept.
        batch: rows are taken over in whole batches of so many.

    Attributes:
        head: the first line that counts.
        done: faces that are in the file already.
        complete: nothing is left to do.

    Raises:
        BadInput: the path has a file that is none of ours, or one made of something else.
    """

    def __init__(self, path: Path, head: Row, *, batch: int) -> None:
        self.path, self.partial, self.head, self.done = path, partial_of(path), head, 0
        self.complete = path.exists()
        if self.complete:
            known = read_records(path)
            self._go_on(path, known.head)
            self.done = len(known.rows)
        elif self.partial.is_file():
            self._take_over(batch)

    @property
    def begun(self) -> bool:
        """Whether an earlier run's first line is kept."""
        return self.complete or self.partial.is_file()

    def write(self, batches: Iterator[Sequence[Row]]) -> Iterator[int]:
        """Add rows batch by batch, and give the file its name at the end; yields the size of each batch."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = not self.partial.is_file()
        with self.partial.open("a") as file:
            if new:
                _lines(file, [self.head])
            for rows in batches:
                _lines(file, rows)
                yield len(rows)
            os.fsync(file.fileno())
        self.partial.replace(self.path)

    def _take_over(self, batch: int) -> None:
        """Keep the whole batches of an unfinished file; half a first line is no beginning."""
        data = self.partial.read_bytes()
        lines = data[: data.rfind(b"\n") + 1].splitlines(keepends=True)
        if not lines:
            self.partial.unlink()
            return
        self._go_on(self.partial, _head(self.partial, lines[0].decode()))
        self.done = (len(lines) - 1) // batch * batch
        with self.partial.open("r+b") as file:
            file.truncate(sum(map(len, lines[: 1 + self.done])))

    def _go_on(self, path: Path, known: Row) -> None:
        odd = [key for key in DECISIVE if known.get(key) != self.head.get(key)]
        if odd:
            raise BadInput(
                f"{path} was made with other {', '.join(odd)}: choose another --out, or remove it."
            )
        self.head = known


def _head(path: Path, line: str) -> Row:
    try:
        head = json.loads(line)
    except ValueError:
        head = None
    if not isinstance(head, dict) or head.get("kind") != KIND:
        raise BadInput(f"{path} is no file of annotated faces.")
    if head.get("format") != FORMAT:
        raise BadInput(f"{path} is of format {head.get('format')}; this version of LiGAN reads {FORMAT}.")
    return head


def _lines(file: IO[str], rows: Sequence[Row]) -> None:
    file.write("".join(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows))
    file.flush()
