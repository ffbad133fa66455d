"""The examination as plain values, and pictures of each person."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from pipeline.evaluation import perceptual
from pipeline.evaluation.pictures import Sheet
from pipeline.evaluation.reconstruction.examining import Examined
from pipeline.evaluation.reconstruction.identity import DESCRIPTION
from pipeline.evaluation.report import software

PEOPLE_A_SHEET: Final = 8
NAMES: Final = {
    "pixel_mse": "Mean squared error of pixels in [-1, 1]",
    "ssim": "Structural similarity",
    "feature_distance": "Feature distance",
    "identity": "Identity similarity",
}
TARGETS: Final = {
    "pixel_mse_ratio": "error after refining as a share of that before (wanted: 0.5 at most)",
    "identity_gain": "gain of identity similarity (wanted: 0.15 at least)",
    "realism": "realism of other faces (0.5 before; wanted: 0.475 to 0.525)",
    "path_length_ratio": "path length as a share of that before (wanted: 0.8 to 1.2)",
}


def report_of(
    examined: Sequence[Examined],
    without: Mapping[str, str],
    *,
    bundle: Mapping[str, Any],
    settings: Mapping[str, Any],
    not_measured: Mapping[str, str],
) -> dict[str, Any]:
    """Everything as plain values.

    Args:
        without: photographs in which no face was found, and why.
        not_measured: key of ``NAMES`` or ``TARGETS`` → why there is no such figure, in a few words.
    """
    people = {one.portrait.name: _person(one) for one in examined}
    return {
        "bundle": dict(bundle),
        "settings": dict(settings),
        "people": people,
        "without_a_face": dict(without),
        "mean": _means([*people.values()]),
        "not_measured": dict(not_measured),
        "measures": {"identity": DESCRIPTION, "feature_distance": perceptual.DESCRIPTION},
        "software": software(),
    }


def summary_of(report: dict[str, Any]) -> list[str]:
    """The figures that one looks at first."""
    mean, why = report["mean"], report["not_measured"]
    rows = [
        (f"{name}, {when}", key, mean[when][key])
        for key, name in NAMES.items()
        for when in ("before", "after")
    ]
    rows += [(name, key, mean["targets"][key]) for key, name in TARGETS.items()]
    return [
        f"{name:80} {f'not measured ({why[key]})' if value is None else f'{value:.4g}'}"
        for name, key, value in rows
    ]


def sheets_of(examined: Sequence[Examined]) -> list[Sheet]:
    """Everybody together, as in the thesis' figures 5.25 and 5.27."""
    sheets = []
    for number, start in enumerate(range(0, len(examined), PEOPLE_A_SHEET), 1):
        some = examined[start : start + PEOPLE_A_SHEET]
        names = ", ".join(one.portrait.name for one in some)
        images = [one.portrait.crop for one in some]
        images += [one.refined for one in some] + [one.encoded for one in some]
        caption = f"Photographs, above their reconstructions with and, below, without refining: {names}."
        title = "Reconstructions"
        sheets.append(Sheet(f"reconstructions-{number}", title, caption, np.stack(images), len(some)))
    return sheets


def pictures_of(examined: Sequence[Examined]) -> list[Sheet]:
    """Three pictures of each person, each by itself."""
    return [
        Sheet(f"{one.portrait.name}_{kind}", one.portrait.name, kind, image[None], 1)
        for one in examined
        for kind, image in (("input", one.portrait.crop), ("encoded", one.encoded), ("refined", one.refined))
    ]


def _person(one: Examined) -> dict[str, Any]:
    before, after, others = asdict(one.before), asdict(one.after), asdict(one.others)
    gained = lengthened = None
    if one.before.identity is not None and one.after.identity is not None:
        gained = one.after.identity - one.before.identity
    if one.others.path_length is not None and one.others.untuned_path_length is not None:
        lengthened = one.others.path_length / one.others.untuned_path_length
    return {
        "before": before,
        "after": after,
        "others": others,
        "targets": {
            "pixel_mse_ratio": one.after.pixel_mse / one.before.pixel_mse,
            "identity_gain": gained,
            "realism": one.others.realism,
            "path_length_ratio": lengthened,
        },
        "seconds": one.seconds,
        "bytes": one.bytes,
        "refinement": asdict(one.notes),
    }


def _means(people: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Over all people, of each figure that all of them have; None of others."""
    return {
        part: {key: _mean([person[part][key] for person in people]) for key in people[0][part]}
        for part in ("before", "after", "others", "targets")
    } | {"seconds": _mean([person["seconds"] for person in people])}


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if len(known) == len(values) else None
