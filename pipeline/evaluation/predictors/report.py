"""An examination of attribute models as plain values, and pictures of their mistakes (thesis §5.2)."""

from dataclasses import asdict
from typing import Any, Final

import numpy as np

from pipeline.evaluation.pictures import Sheet
from pipeline.evaluation.predictors.examining import Findings
from pipeline.evaluation.predictors.judging import Judged
from pipeline.evaluation.report import software
from pipeline.reports.page import plain
from pipeline.training.attributes.labelled import Labelled
from pipeline.training.attributes.pictures import Pictures

# Traits with a table and a matrix of their own, and what they are called.
CLASSES: Final = {"age_group": "Age groups", "ethnicity": "Ethnicity groups", "hair": "Hair"}
GROUPS: Final = ("sex", "age_group", "ethnicity")
# Faces on a sheet of mistakes: the first ones, none of them chosen; and traits that have one.
SHOWN: Final = 20
KEYS: Final = ("sex", "age_group", "ethnicity", "hair", "beard")


def report_of(
    models: dict[str, Any], data: dict[str, Any] | None, settings: dict[str, Any], findings: Findings
) -> dict[str, Any]:
    """Everything as plain values.

    Args:
        models: what they are and where they come from.
        data: folder and layout of the labelled faces; None where there were none.
    """
    faces = findings.measured
    measured = None
    if faces is not None and data is not None:
        measured = {**data, "measured_on": faces.what, "faces": len(faces), "real_people": faces.real_people}
    return {
        "models": models,
        "data": measured,
        "settings": settings,
        "labels": {label: asdict(figures) for label, figures in findings.labels.items()},
        "traits": {key: _trait(judged) for key, judged in findings.traits.items()},
        "histograms": [asdict(histogram) for histogram in findings.histograms],
        "seconds": findings.seconds,
        "software": software(),
    }


def shown_of(report: dict[str, Any]) -> dict[str, Any]:
    """What the page shows besides the report itself.

    Returns:
        groups: kind of people → its groups, and the traits that are judged by them; classified: titles, with
        the classes that occur and their matrix; counts: attribute → faces in each histogram; kinds: names and
        totals of the histograms.
    """
    traits, histograms = report["traits"], report["histograms"]
    groups: dict[str, dict[str, list[str]]] = {}
    for kind in GROUPS:
        judged = {
            key: trait["by_group"][kind] for key, trait in traits.items() if trait["by_group"].get(kind)
        }
        names = list(dict.fromkeys(name for shares in judged.values() for name in shares))
        groups |= {kind: {"traits": list(judged), "names": names}} if names else {}
    attributes = histograms[0]["counts"] if histograms else ()
    return {
        "groups": groups,
        "classified": [(title, _occurring(traits[key])) for key, title in CLASSES.items() if key in traits],
        "counts": {plain(name): [one["counts"][name] for one in histograms] for name in attributes},
        "kinds": [(one["what"], one["faces"]) for one in histograms],
    }


def summary_of(report: dict[str, Any]) -> list[str]:
    """How often each trait is right."""
    lines = []
    for key, trait in report["traits"].items():
        right, near = trait["accuracy"], trait["near"]
        within = "" if near is None else f", within one group {near['value']:.3f}"
        lines.append(f"{key:20} {right['value']:.3f} of {right['pictures']:,}{within}")
    return lines


def mistake_sheets(traits: dict[str, Judged], faces: Labelled, side: int) -> list[Sheet]:
    """A sheet for each of the chief traits of which some faces are judged wrong."""
    pictures = Pictures(faces.files, side, kept_bytes=0)
    sheets = []
    for key in KEYS:
        judged = traits.get(key)
        wrong = np.empty(0, np.int64) if judged is None else np.flatnonzero(~judged.right)[:SHOWN]
        if judged is not None and len(wrong):
            taken = "; ".join(
                f"{judged.names[judged.truth[i]]} as {judged.names[judged.predicted[i]]}" for i in wrong
            ).replace("_", " ")
            title = f"Mistakes: {key.replace('_', ' ')}"
            total = int((~judged.right).sum())
            caption = f"The first {len(wrong)} of {total:,} faces that are taken for something else: {taken}."
            sheets.append(Sheet(f"mistakes-{key}", title, caption, pictures[judged.faces[wrong]]))
    return sheets


def _trait(judged: Judged) -> dict[str, Any]:
    return {
        "accuracy": asdict(judged.accuracy),
        "near": None if judged.near is None else asdict(judged.near),
        "values": judged.names,
        "classes": {name: asdict(figures) for name, figures in judged.classes.items()},
        "confusion": judged.matrix.tolist(),
        "by_group": {
            kind: {name: asdict(share) for name, share in shares.items()}
            for kind, shares in judged.by_group().items()
        },
    }


def _occurring(trait: dict[str, Any]) -> dict[str, Any]:
    """A trait's classes that occur among the faces or the predictions, and the counts of those."""
    counts = np.array(trait["confusion"], np.int64)
    there = np.flatnonzero(counts.sum(axis=0) + counts.sum(axis=1))
    names = [trait["values"][place] for place in there]
    return {
        "classes": {name: trait["classes"][name] for name in names},
        "confusion": counts[np.ix_(there, there)].tolist(),
    }
