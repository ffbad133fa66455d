"""The bundle ``demo``: rendered heads, from their pictures to a bundle, in some seven hours of two cores.

Hours and figures are those of the bundle that ships, which came about step by step (``docs/decisions``): from
a short game at 64 px, some trainings in several parts. This is the same way in one piece.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pipeline.command_line import SHIPPED_BUNDLE
from pipeline.recipes.recipe import Figure, Input, Recipe, Step

LABELLED: Final = "--layout heads --labels {data}/labels.jsonl"


def generator_figures(report: str, fid: float, precision: float, recall: float) -> tuple[Figure, ...]:
    """What ``evaluate generator`` says, by faceres' features."""
    file, keys = f"{report}/report.json", ("figures", "precision_recall")
    return (
        Figure("FID", file, ("figures", "fid", "value"), fid),
        Figure("precision", file, (*keys, "precision"), precision),
        Figure("recall", file, (*keys, "recall"), recall),
    )


def last_row(step: str, key: str, name: str, expected: float) -> tuple[Figure, ...]:
    """The last mean of a training's loss."""
    return (Figure(name, f"{step}/stats.jsonl", (key,), expected),)


def right(key: str, expected: float) -> Figure:
    """How often the bundle's attribute models are right on heads held out."""
    keys = ("attributes", "reliability", key, "accuracy")
    return Figure(key, "networks/bundle.json", keys, expected)


def steps(given: Mapping[str, Path]) -> tuple[Step, ...]:
    """The steps; with ``pairs``, pictures of one person are compared with them, else with altered heads."""
    framed = Step("portraits", "faces crop {pairs} {portraits} --size 128", 0.02)
    pairs = "pairs" in given
    return (
        Step("heads", "faces crop {data} {heads} --size 128", 0.1),
        *((framed,) if pairs else ()),
        # A synthesis network that makes every head, at 64 px and then at 128.
        Step(
            "anchors-64",
            "train anchors {heads} --preset demo-64 --images {60000} --out {anchors-64}",
            0.4,
            last_row("anchors-64", "anchors", "loss", 0.63),
        ),
        Step(
            "anchors",
            "train anchors {heads} --preset demo --start-from {anchors-64}/checkpoint-*.safetensors "
            "--images {34000} --out {anchors}",
            0.45,
            last_row("anchors", "anchors", "loss", 0.93),
        ),
        Step(
            "game",
            "train stylegan2 {heads} --preset demo-anchored --anchors-from {anchors} --images {34000} "
            "--out {game}",
            1.9,
        ),
        Step(
            "game-report",
            "evaluate generator --checkpoint {game} --data {heads} --mirror --samples {1000} "
            "--metrics fid,pr --out {game-report}",
            0.05,
            generator_figures("game-report", 32.7, 0.94, 0.017),
        ),
        # Where the people of the heads are in what the game made of it, and the game from there: twice.
        Step(
            "people-first",
            "train anchors {heads} --preset demo-people --start-from {anchors}/checkpoint-*.safetensors "
            "--synthesis {game}/checkpoint-*.safetensors --images {33000} --out {people-first}",
            0.55,
            last_row("people-first", "other_person", "1 - cosine", 0.072),
        ),
        Step(
            "game-people",
            "train stylegan2 {heads} --preset demo-people --anchors-from {people-first} "
            "--discriminator {game}/checkpoint-*.safetensors --images {8900} --out {game-people}",
            0.5,
        ),
        Step(
            "people",
            "train anchors {heads} --preset demo-people --start-from {people-first}/checkpoint-*.safetensors "
            "--synthesis {game-people}/checkpoint-*.safetensors --images {24000} --out {people}",
            0.6,
            last_row("people", "other_person", "1 - cosine", 0.061),
        ),
        Step(
            "generator",
            "train stylegan2 {heads} --preset demo-people --anchors-from {people} "
            "--discriminator {game-people}/checkpoint-*.safetensors --images {14400} --out {generator}",
            0.5,
        ),
        Step(
            "encoder",
            "train encoder {heads} --preset demo --generator {generator}/checkpoint-*.safetensors "
            "--anchors {generator}/anchors.safetensors --latent-steps {600} --steps {1000} --out {encoder}",
            0.6,
            last_row("encoder", "held_out_pixel", "squared error held out", 0.0117),
        ),
        Step("celeba", f"train attributes celeba {{heads}} {LABELLED} --out {{celeba}}", 0.25),
        Step("fairface", f"train attributes fairface {{heads}} {LABELLED} --out {{fairface}}", 0.6),
        Step(
            "networks",
            "bundle --generator {generator}/checkpoint-*.safetensors "
            "--encoder {encoder}/checkpoint-*.safetensors --attributes {celeba} --attributes {fairface} "
            "--description {description} --samples {10000} --out {networks}",
            0.1,
            (right("sex", 0.997), right("hair", 0.953), right("age_group", 0.478), right("ethnicity", 0.832)),
        ),
        Step(
            "directions",
            "train directions --bundle {networks} --faces {heads} --labels {data}/labels.jsonl "
            "--out {directions}/directions.safetensors",
            0.05,
        ),
        Step(
            "bundle",
            f"complete-bundle {{networks}} --faces {{heads}} {'--pairs {portraits} ' if pairs else ''}"
            "--directions {directions}/directions.safetensors --out {bundle}",
            0.2,
            (
                Figure("R² of sex", "bundle/bundle.json", ("directions", "sex", "r2"), 0.936),
                Figure("same person from", "bundle/bundle.json", ("band", "same_person"), 0.754),
                Figure("first radius", "bundle/bundle.json", ("band", "first_radius"), 20.1),
            ),
        ),
        Step(
            "report",
            "evaluate generator --bundle {bundle} --data {heads} --mirror --labels {data}/labels.jsonl "
            "--samples {10000} --path-samples {500} --detected-samples {500} --out {report}",
            0.5,
            (
                *generator_figures("report", 8.6, 0.48, 0.38),
                Figure("face found", "report/report.json", ("figures", "detected", "share"), 1.0),
            ),
        ),
    )


DEMO: Final = Recipe(
    about="the bundle that ships: rendered heads at 128 px",
    inputs={
        "data": Input("folder of rendered heads, with labels.jsonl"),
        "pairs": Input(
            "folder of pictures NAME_1 and NAME_2 of one person each (default: altered heads)", False
        ),
    },
    facts=SHIPPED_BUNDLE / "description.json",
    steps=steps,
)
