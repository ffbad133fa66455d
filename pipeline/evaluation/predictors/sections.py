"""A report on attribute models as sections of a page: tables and figures as in thesis §5.2."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from pipeline.evaluation import charts
from pipeline.reports.page import Block, Cell, Drawing, Table, Text

Section = tuple[str, Sequence[Block]]
# Keys of the report with a table and a matrix of their own, and what they are called.
CLASSES: Final = (("age_group", "Age groups"), ("ethnicity", "Ethnicity groups"), ("hair", "Hair"))
GROUPS: Final = (("sex", "sex"), ("age_group", "age group"), ("ethnicity", "ethnicity"))
FEW: Final = 30
NAMES: Final = {"bundle": "Bundle", "celeba": "CelebA", "fairface": "FairFace"}


def sections(report: dict[str, Any]) -> list[Section]:
    """All of them, in order; those without anything to show are empty."""
    traits = report["traits"]
    return [
        ("What was measured", _facts(report)),
        ("How often they are right", _accuracies(traits)),
        ("How well each group of people is served", _groups(traits)),
        ("CelebA's attributes", [_table("Attribute", report["labels"])] if report["labels"] else []),
        *((title, _classes(title, traits[key])) for key, title in CLASSES if key in traits),
        ("Attributes in the data and in generated faces", _histograms(report["histograms"])),
    ]


def _facts(report: dict[str, Any]) -> list[Block]:
    models, data = report["models"], report["data"]
    rows: list[tuple[str, Cell]] = [
        (f"{NAMES[name.partition('_')[0]]} {name.partition('_')[2]}", text) for name, text in models.items()
    ]
    if data is None:
        return [
            Table(("", ""), rows),
            Text("No labels were given: how often the models are right is not known."),
        ]
    rows.append(
        ("Measured on", f"{data['faces']:,} {data['measured_on']} ({data['layout']} in {data['folder']})")
    )
    whose = (
        "The faces are photographs of people."
        if data["real_people"]
        else "No real person is among them: the figures say nothing reliable about photographs of people."
    )
    return [Table(("", ""), rows), Text(whose)]


def _accuracies(traits: dict[str, Any]) -> list[Block]:
    rows = [
        (
            _plain(key),
            trait["accuracy"]["value"],
            f"{trait['accuracy']['low']:.3f} to {trait['accuracy']['high']:.3f}",
            None if trait["near"] is None else trait["near"]["value"],
            trait["accuracy"]["pictures"],
        )
        for key, trait in traits.items()
    ]
    head = ("What is told", "Right", "95 % interval", "Right or in a neighbouring group", "Faces")
    return [Table(head, rows, "Of faces whose label is known.")] if rows else []


def _groups(traits: dict[str, Any]) -> list[Block]:
    """For each kind of group a table: a row for each group, a column for each trait."""
    blocks: list[Block] = []
    for kind, name in GROUPS:
        columns = [key for key, trait in traits.items() if trait["by_group"].get(kind)]
        groups = list(dict.fromkeys(group for key in columns for group in traits[key]["by_group"][kind]))
        if groups:
            rows = [
                (_plain(group), *(_of_group(traits[key]["by_group"][kind].get(group)) for key in columns))
                for group in groups
            ]
            head = (name.capitalize(), *map(_plain, columns))
            blocks.append(Table(head, rows, f"Share that is right, by {name} (number of faces)."))
    if blocks:
        blocks.append(Text(f"Of fewer than {FEW} faces a share says little; such are marked with *."))
    return blocks


def _of_group(share: dict[str, Any] | None) -> str | None:
    if share is None or share["value"] is None:
        return None
    return f"{share['value']:.3f} ({share['pictures']:,}){'*' if share['pictures'] < FEW else ''}"


def _table(what: str, figures: dict[str, Any]) -> Table:
    """As tables 5.4 to 5.6: three decimals."""
    rows = [
        (
            _plain(name),
            *(_three(values[key]) for key in ("accuracy", "precision", "recall")),
            values["positives"],
        )
        for name, values in figures.items()
    ]
    caption = "Each by itself, against the rest. No figure: no face has it, or none is said to."
    return Table((what, "Accuracy", "Precision", "Recall", "Faces that have it"), rows, caption)


def _classes(title: str, trait: dict[str, Any]) -> list[Block]:
    """A table and a matrix of the classes that occur."""
    counts = np.array(trait["confusion"], np.int64)
    there = np.flatnonzero(counts.sum(axis=0) + counts.sum(axis=1))
    names = [trait["values"][place] for place in there]
    table = _table(title, {name: trait["classes"][name] for name in names})
    svg = charts.confusion_matrix([_plain(name) for name in names], counts[np.ix_(there, there)])
    return [table, Drawing(svg, "Shares of the true class, and numbers of faces.")]


def _histograms(histograms: list[dict[str, Any]]) -> list[Block]:
    if not histograms:
        return []
    counts = {
        name: [histogram["counts"][name] for histogram in histograms] for name in histograms[0]["counts"]
    }
    kinds = [(histogram["what"], histogram["faces"]) for histogram in histograms]
    caption = (
        "Faces that are predicted to have each attribute. The likeliest colour of hair (or baldness) is "
        "taken when none reaches 0.5."
    )
    return [Drawing(charts.bars({_plain(name): n for name, n in counts.items()}, kinds), caption)]


def _three(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _plain(name: str) -> str:
    return name.replace("_", " ")
