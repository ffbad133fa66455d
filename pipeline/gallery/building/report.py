"""A finished build in figures: ``report.json``, and a page of all.

Real people are on the page: whom faces are most like, and who was left out. It is written beside the gallery,
never into it.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from pipeline.gallery.building.balance import counted, traits
from pipeline.gallery.building.containers import figures_of, with_pictures
from pipeline.gallery.building.coordinator import Progress
from pipeline.gallery.building.layout import Layout
from pipeline.gallery.building.outcomes import Outcome
from pipeline.gallery.building.pictures import sheet, shown
from pipeline.gallery.building.portraits import Portrait
from pipeline.gallery.building.settings import Settings
from pipeline.gallery.building.sources import Sources
from pipeline.gallery.building.targets import TARGETS
from pipeline.reports.page import page
from pipeline.whole_files import write_whole

FORMAT: Final = 1
PAIRS: Final = 20
SHOWN: Final = 40
"""Faces, or portraits left out, of each kind on the page."""


@dataclass(frozen=True)
class Finished:
    """All that there is to report about.

    Attributes:
        layout: where it lies.
        settings: of the gallery.
        sources: whom it was made of.
        progress: every try.
        portraits: the photographs.
    """

    layout: Layout
    settings: Settings
    sources: Sources
    progress: Progress
    portraits: Sequence[Portrait]


def write_report(build: Finished) -> None:
    """Write the page, then the figures; with these the build is finished."""
    report = figures(build)
    write_whole(build.layout.page, page("gallery", report=report, **_pictures(build, report)).encode())
    write_whole(build.layout.report, (json.dumps(report, indent=2) + "\n").encode())


def figures(build: Finished) -> dict[str, Any]:
    """The figures as plain values."""
    faces, tried = build.progress.faces, build.progress.outcomes
    people = [traits(face.labels) for face in faces if face.labels]
    groups = Counter(f"{one['sex']} {one['ethnicity']}" for one in people)
    reasons = Counter(outcome.reason for outcome in tried if outcome.reason)
    left_out = [(one.name, one.out) for one in build.sources.all if one.out]
    return {
        "format": FORMAT,
        "settings": build.settings.to_json(),
        "faces": len(faces),
        "tries": len(tried),
        "refused": dict(reasons.most_common()),
        "groups": dict(sorted(groups.items())),
        "traits": {
            trait: {value: [count[value], share] for value, share in TARGETS[trait].items()}
            for trait, count in counted(people).items()
        },
        "identity": {**figures_of(faces), "to_each_other": max((face.twin or -1.0) for face in faces)},
        "nearest": [_pair(build, face) for face in nearest(faces)],
        "portraits": {
            "all": len(build.sources.all),
            "give a part of a face": len(build.sources.usable),
            "give hair": sum(not one.no_hair for one in build.sources.usable),
            "compared": sum(one.embedding is not None for one in build.sources.all),
        },
        "left_out": dict(
            Counter(reason for _, said in left_out for reason in said.split("; ")).most_common()
        ),
        "no_hair": dict(
            Counter(
                reason for one in build.sources.usable if one.no_hair for reason in one.no_hair.split("; ")
            ).most_common()
        ),
        "left_out_by_name": dict(left_out),
    }


def nearest(faces: Sequence[Outcome]) -> list[Outcome]:
    """The faces that are most like a portrait, the most alike first."""
    return sorted(faces, key=lambda face: -(face.near.cosine if face.near else -1.0))[:PAIRS]


def _pair(build: Finished, face: Outcome) -> dict[str, Any]:
    if face.near is None:
        raise ValueError(f"try {face.number} was never compared")
    return {
        "face": face.number,
        "portrait": build.sources.all[face.near.portrait].name,
        "cosine": round(face.near.cosine, 4),
        "distance": face.near.distance and round(face.near.distance, 4),
    }


def _pictures(build: Finished, report: Mapping[str, Any]) -> dict[str, Any]:
    pairs = nearest(build.progress.faces)
    made = {one.number: one.made.head.image for one in with_pictures(build.layout, pairs) if one.made}
    return {
        "pairs": [
            (pair, sheet([made[pair["face"]], shown(build.portraits[face.near.portrait])], 2))
            for pair, face in zip(report["nearest"], pairs, strict=True)
            if face.near is not None
        ],
        "sheets": _groups(build),
        "left_out": _left_out(build),
    }


def _groups(build: Finished) -> list[tuple[str, int, str]]:
    """Of each sex and group: name, number of faces, a sheet of some of them."""
    members: dict[str, list[Outcome]] = defaultdict(list)
    for face in build.progress.faces:
        if face.labels:
            members[f"{face.labels.sex} {face.labels.ethnicity}"].append(face)
    sheets = []
    for name, faces in sorted(members.items()):
        places = np.linspace(0, len(faces) - 1, min(SHOWN, len(faces))).round().astype(int)
        some = [faces[place] for place in sorted(set(places.tolist()))]
        pictures = [one.made.head.image for one in with_pictures(build.layout, some) if one.made]
        sheets.append((name, len(faces), sheet(pictures)))
    return sheets


def _left_out(build: Finished) -> list[tuple[str, int, str]]:
    """Of each reason to leave portraits out: it, how many, a sheet of some of them."""
    members: dict[str, list[int]] = defaultdict(list)
    for source in build.sources.all:
        for reason in (source.out or source.no_hair).split("; "):
            if reason and build.portraits[source.number].source:
                members[reason + ("" if source.out else " (no hair of theirs)")].append(source.number)
    return [
        (reason, len(numbers), sheet([shown(build.portraits[number]) for number in numbers[:SHOWN]]))
        for reason, numbers in sorted(members.items())
    ]
