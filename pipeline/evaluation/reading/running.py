"""``evaluate reading``: read the labelled portraits that nothing learned from, and compare."""

import argparse
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from pipeline.command_line import BadInput
from pipeline.evaluation.report import Outcome, write_report
from pipeline.identity import GraphError
from pipeline.reading import Read, Reader, ReadingError
from pipeline.reading.files import SHIPPED
from pipeline.reading.words import AGE
from pipeline.training.reading.labels import TEST, Person
from pipeline.training.reading.measuring import UNKNOWN, Judged, judged
from pipeline.training.reading.portraits import heads_of
from pipeline.training.reading.run import near_words, read_sources

BATCH: Final = 16


def measure(arguments: argparse.Namespace) -> Outcome:
    """Read and compare.

    Raises:
        BadInput: the reader, the portraits or their labels cannot be used.
    """
    try:
        reader = Reader.load(arguments.reader or SHIPPED)
    except (ReadingError, GraphError) as error:
        raise BadInput(str(error)) from error
    sources = read_sources(arguments.portraits, arguments.labels, arguments.landmarks)
    rows = [i for i, person in enumerate(sources.people) if person.split == TEST]
    if not rows:
        raise BadInput(f"{arguments.labels} has no row of the split {TEST}.")
    people = [sources.people[i] for i in rows]
    landmarks = None if sources.landmarks is None else sources.landmarks[rows]
    heads = list(heads_of(sources.portraits, people, landmarks))
    began = time.perf_counter()
    reads = [
        read
        for start in range(0, len(heads), BATCH)
        for read in reader.read_all(heads[start : start + BATCH])
    ]
    seconds = (time.perf_counter() - began) / len(heads)
    report = report_of(people, reads, reader) | {"seconds_a_head": round(seconds, 4)}
    return write_report(arguments.out, "reading", report, summary=_summary(report))


def report_of(people: Sequence[Person], reads: Sequence[Read], reader: Reader) -> dict[str, Any]:
    """Everything as plain values: of all people, and of photographs of real ones alone."""
    real = [i for i, person in enumerate(people) if person.real]
    who = {"all": list(range(len(people))), **({"real": real} if real else {})}
    reliable = {AGE: reader.probes.age.reliable} | {
        key: probe.reliable for key, probe in reader.probes.classes.items()
    }
    return {
        "facts": dict(reader.facts),
        "people": {name: len(rows) for name, rows in who.items()},
        "years": _mean_error(people, reads),
        "keys": {
            name: {
                key: {"reliable": round(reliable[key], 4), **_figures(one, chosen)}
                for key, one in judged(chosen, [reads[i] for i in rows]).items()
            }
            for name, rows in who.items()
            for chosen in [[people[i] for i in rows]]
        },
    }


def _figures(one: Judged, people: Sequence[Person]) -> dict[str, Any]:
    right, said = one.right, one.said
    return {
        "right": round(float(right.mean()), 4),
        "near": None if one.near is None else round(one.near, 4),
        "said": round(float(said.mean()), 4),
        "right_of_said": round(float(right[said].mean()), 4) if said.any() else None,
        "confusion": one.confusion(),
        "by_group": {
            kind: {name: asdict(share) for name, share in shares.items()}
            for kind, shares in one.by_group(people).items()
        },
    }


def _mean_error(people: Sequence[Person], reads: Sequence[Read]) -> float:
    errors = [abs(person.years - read.years) for person, read in zip(people, reads, strict=True)]
    return round(sum(errors) / len(errors), 2)


def _summary(report: dict[str, Any]) -> list[str]:
    lines = [
        f"{key:18} {one['right']:.3f}{near_words(one['near'])}; {UNKNOWN} {1 - one['said']:.3f}"
        for key, one in report["keys"]["all"].items()
    ]
    return [*lines, f"age in years: mean error {report['years']}"]
