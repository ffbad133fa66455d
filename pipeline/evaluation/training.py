"""``evaluate training``: how it went by figures of its checkpoints, as a table, a curve and sheets."""

import argparse
import json
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, Final

from pipeline.command_line import BadInput
from pipeline.evaluation.examination import Examination, Materials
from pipeline.evaluation.generator import materials_for
from pipeline.evaluation.pictures import sample_sheets
from pipeline.evaluation.report import Outcome, write_report
from pipeline.evaluation.sampling import Sampler
from pipeline.evaluation.settings import QUICK_METRICS, Settings, settings_of
from pipeline.evaluation.subject import Subject, checkpoints_at, from_checkpoint, images_seen

CURVE: Final = "training.json"
COLUMNS: Final = {
    "images_seen": "Images seen",
    "samples": "Samples",
    "fid": "FID ({})",
    "kid": "KID ({})",
    "precision": "Precision",
    "recall": "Recall",
}


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

    def write(self, folder: Path) -> Outcome:
        """Write ``index.html`` and ``training.json``."""
        name = self.conditions["features"]["name"]
        points = [(row["images_seen"], row["fid"]) for row in self.rows if row["fid"] is not None]
        return write_report(
            folder,
            "training",
            {"conditions": self.conditions, "rows": self.rows},
            summary=["  ".join(_short(row.get(key)) for key in COLUMNS) for row in self.rows],
            file=CURVE,
            columns={
                key: head.format(name)
                for key, head in COLUMNS.items()
                if any(row.get(key) is not None for row in self.rows)
            },
            points=points,
        )


def measure(arguments: argparse.Namespace) -> Outcome:
    """Measure the checkpoints that have not been measured yet, writing after each."""
    settings, out = settings_of(arguments), arguments.out
    if beyond := sorted(set(settings.metrics) - set(QUICK_METRICS)):
        raise BadInput(
            f"{', '.join(beyond)} cannot be followed by checkpoints; {', '.join(QUICK_METRICS)} can."
        )
    files = sorted((file for path in arguments.checkpoints for file in checkpoints_at(path)), key=images_seen)
    first = from_checkpoint(files[0])
    materials = materials_for(first, arguments)
    curve = Curve.go_on(out, _conditions(materials, settings))
    for subject in chain([first], map(from_checkpoint, files[1:])):
        if curve.knows(subject.facts["digest"]):
            continue
        if materials.data.side != subject.resolution:
            materials = materials_for(subject, arguments)
        curve.add(_row(subject, materials, settings, out))
        curve.write(out)
    return curve.write(out)


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:.6g}"


def _conditions(materials: Materials, settings: Settings) -> dict[str, Any]:
    network = materials.network
    return {
        "data": {"folder": str(materials.data.folder), "digest": materials.data.digest},
        "features": {"name": network.name, "description": network.description, "digest": network.digest},
        "truncation": settings.truncation,
        "samples": settings.samples,
        "seed": settings.seed,
        "mirrored": settings.mirrored,
        "metrics": list(settings.metrics),
    }


def _row(subject: Subject, materials: Materials, settings: Settings, out: Path) -> dict[str, Any]:
    sampler, seen = Sampler(subject), int(subject.facts["images_seen"])
    figures = Examination(sampler, materials, settings).run().figures
    sheet = replace(sample_sheets(sampler, materials.data, seed=settings.seed)[0], name=f"samples-{seen:09d}")
    sheet.write(out)
    shares = figures.get("precision_recall", {})
    return {
        "images_seen": seen,
        "digest": subject.facts["digest"],
        "resolution": subject.resolution,
        "grid": sheet.file,
        "samples": settings.samples,
        "fid": figures.get("fid", {}).get("value"),
        "kid": figures.get("kid", {}).get("mean"),
        "precision": shares.get("precision"),
        "recall": shares.get("recall"),
    }
