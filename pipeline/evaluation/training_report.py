"""How a training went: figures of its checkpoints, one after another, as a table, a curve and sheets."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipeline.command_line import BadInput
from pipeline.evaluation import drawing
from pipeline.evaluation.generator_report import PAGE
from pipeline.reports.page import Block, Drawing, Photograph, Table, Text, page
from pipeline.reports.writing import write_whole

FORMAT: Final = 1
CURVE: Final = "training.json"
COLUMNS: Final = ("images_seen", "samples", "fid", "kid", "precision", "recall")


@dataclass
class Curve:
    """Rows of figures, one a checkpoint, that grow from call to call while a training goes on.

    Attributes:
        conditions: what must be equal for rows to be comparable: data, features, settings.
        rows: by images seen; each with ``digest`` of its checkpoint, ``grid`` (a file), and ``COLUMNS``.
    """

    conditions: dict[str, Any]
    rows: list[dict[str, Any]]

    @classmethod
    def go_on(cls, folder: Path, conditions: dict[str, Any]) -> "Curve":
        """Read what lies in ``folder``, or begin.

        Raises:
            BadInput: a curve of other data, features or settings lies there.
        """
        path = folder / CURVE
        if not path.is_file():
            return cls(conditions, [])
        try:
            values = json.loads(path.read_text())
            known, rows = values["conditions"], list(values["rows"])
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"{path} is not a curve of this version: {error!r}") from error
        if known != conditions:
            odd = sorted(key for key in {*known, *conditions} if known.get(key) != conditions.get(key))
            raise BadInput(
                f"{path} was measured with other {', '.join(odd)}: choose another --out or the same settings."
            )
        return cls(conditions, rows)

    def knows(self, digest: str) -> bool:
        """Whether a checkpoint has been measured."""
        return any(row["digest"] == digest for row in self.rows)

    def add(self, row: dict[str, Any]) -> None:
        """Put a checkpoint in its place."""
        self.rows = sorted([*self.rows, row], key=lambda row: int(row["images_seen"]))

    def write(self, folder: Path) -> None:
        """Write ``index.html`` and ``training.json``."""
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / PAGE, self._page())
        values = {"format": FORMAT, "conditions": self.conditions, "rows": self.rows}
        text = json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False)
        write_whole(folder / CURVE, text + "\n")

    def _page(self) -> str:
        name = self.conditions["features"]["name"]
        blocks: list[Block] = [Text(f"Feature network: {self.conditions['features']['description']}.")]
        columns = [key for key in COLUMNS if any(row.get(key) is not None for row in self.rows)]
        heads = {"images_seen": "Images seen", "fid": f"FID ({name})", "kid": f"KID ({name})"}
        head = [heads.get(key, key.capitalize()) for key in columns]
        blocks.append(Table(head, [[row.get(key) for key in columns] for row in self.rows]))
        if "fid" in columns:
            points = [(row["images_seen"], row["fid"]) for row in self.rows if row.get("fid") is not None]
            svg = drawing.curve(points, across="training images seen", up=heads["fid"])
            blocks.append(Drawing(svg, "Lower is better."))
        grids = [
            (
                f"After {row['images_seen']:,} images",
                [Photograph(row["grid"], "Samples", "The same codes for every checkpoint.")],
            )
            for row in reversed(self.rows)
        ]
        return page("Training of a generator", [("Figures", blocks), *grids])
