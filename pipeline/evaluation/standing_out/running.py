"""``evaluate standing-out``: the check over drafted lineups, and detectors taught on others."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pipeline.appearance.photograph import PhotographClassifier, read_classifier, shipped
from pipeline.command_line import BadInput
from pipeline.evaluation.report import Outcome, write_report
from pipeline.evaluation.standing_out.detectors import Detector, Exhibit, LinearOnTraces, detectors, right
from pipeline.evaluation.standing_out.examining import Examined, examine
from pipeline.evaluation.standing_out.lineups import lineups_at
from pipeline.evaluation.standing_out.report import report_of, sheet_of, summary_of
from pipeline.evaluation.standing_out.shares import share
from pipeline.identity.faces import FaceIdentity
from pipeline.whole_files import write_whole

CLASSIFIER: Final = "photograph.json"


def measure(arguments: argparse.Namespace) -> Outcome:
    """Examine every lineup; with ``--train`` also teach detectors and count how often they are right."""
    classifier = shipped() if arguments.classifier is None else _read(arguments.classifier)
    examined = _examined(arguments.lineups, classifier)
    found = None
    if arguments.train is not None:
        found = _detected(examined, _examined(arguments.train, classifier), arguments)
    report = report_of(str(arguments.lineups), arguments.seed, examined, found)
    rows = summary_of(report)
    return write_report(
        arguments.out,
        "standing_out",
        report,
        [sheet_of(examined)],
        summary=[*(f"{name:60} {value}" for name, value in rows), *_sentence(examined)],
        chief=rows,
    )


def _examined(path: Path, classifier: PhotographClassifier | None) -> list[Examined]:
    identity = FaceIdentity.load()
    examined = []
    for lineup in lineups_at(path):
        examined.append(examine(lineup, identity, classifier))
        if len(examined) % 10 == 0:
            sys.stderr.write(f"{len(examined)} lineups of {path}\n")
    return examined


def _read(file: Path) -> PhotographClassifier:
    try:
        return read_classifier(file)
    except ValueError as error:
        raise BadInput(str(error)) from error


def _sentence(examined: Sequence[Examined]) -> list[str]:
    return [examined[0].found.sentence] if len(examined) == 1 else []


def _detected(
    tests: Sequence[Examined], lessons: Sequence[Examined], arguments: argparse.Namespace
) -> dict[str, Any]:
    taught, asked = ([Exhibit.of(one.lineup, one.embeddings) for one in part] for part in (lessons, tests))
    if len({len(one.images) for one in taught + asked}) != 1:
        raise BadInput("Detectors are taught and asked with lineups of one size only.")
    kinds: dict[str, Detector] = detectors(arguments.seed)
    if arguments.epochs:
        from pipeline.evaluation.standing_out.network import PatchNetwork

        kinds["network"] = PatchNetwork(arguments.seed, arguments.epochs)
    found: dict[str, Any] = {"taught_on": len(taught), "right": {}, "right_of_taught": {}}
    for name, detector in kinds.items():
        sys.stderr.write(f"teaching: {name}\n")
        detector.fit(taught)
        found["right"][name] = share(right(detector, asked))
        found["right_of_taught"][name] = share(right(detector, taught))
        if isinstance(detector, LinearOnTraces) and detector.classifier is not None:
            found["goes_by"] = detector.foremost(20)
            text = json.dumps(detector.classifier.to_dict(), indent=1)
            arguments.out.mkdir(parents=True, exist_ok=True)
            write_whole(arguments.out / CLASSIFIER, f"{text}\n".encode())
    return found
