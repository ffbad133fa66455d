"""``python -m pipeline train attributes …``"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pipeline.command_line import BadInput, Subcommands
from pipeline.training.options import check, given, train

KINDS: Final = ("celeba", "fairface")
#: Presets of ``pipeline.training.attributes.config``, which imports Keras: too slow for ``--help``.
PRESETS: Final = ("demo", "thesis")
LAYOUTS: Final = ("celeba", "fairface", "heads")


def add_attributes(commands: Subcommands) -> None:
    """``train attributes``: options that are not given are the preset's."""
    parser = commands.add_parser(
        "attributes", help="what a face looks like; goes on from OUT's newest checkpoint"
    )
    parser.add_argument("model", choices=KINDS, help="celeba: 23 attributes; fairface: age and ethnicity")
    parser.add_argument("data", type=Path, metavar="DATA", help="folder of the data set")
    parser.add_argument("--layout", choices=LAYOUTS, required=True, help="how DATA is laid out")
    parser.add_argument(
        "--labels", type=Path, metavar="JSONL", help="of heads (default: labels.jsonl in DATA)"
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="checkpoints, statistics, model"
    )
    parser.add_argument("--preset", choices=PRESETS, default=PRESETS[0])
    parser.add_argument(
        "--backbone-weights", metavar="WEIGHTS", help="imagenet (default), a file, or none for random ones"
    )
    parser.add_argument("--batch", type=int, help="faces a step (default: the preset's)")
    parser.add_argument("--precision", choices=("float32", "mixed_bfloat16", "mixed_float16"))
    parser.add_argument("--seed", type=int, default=0)
    parser.set_defaults(run=run_attributes)


def run_attributes(arguments: argparse.Namespace) -> None:
    """Train, and say how often the model is right."""
    from pipeline.training.attributes.run import AttributeRun
    from pipeline.training.attributes.trained import load_trained

    check(arguments)
    data = read_data(arguments)
    config = configured(arguments, data.train.taught())
    run = train(lambda: AttributeRun(config, data, arguments.out))
    if not run.ended:
        sys.stdout.write(f"{arguments.out}: stopped after {run.step} steps; the same command goes on.\n")
        return
    for key, one in load_trained(arguments.out).reliability.items():
        near = "" if one.near is None else f", within one group {one.near:.3f}"
        sys.stdout.write(f"{key}: {one.accuracy:.3f} of {one.n}{near} ({one.measured_on})\n")


def read_data(arguments: argparse.Namespace) -> Any:
    """The data set; BadInput if it lacks something or cannot teach the model."""
    from pipeline.training.attributes.celeba import split_celeba
    from pipeline.training.attributes.fairface import split_fairface
    from pipeline.training.attributes.heads import split_heads

    other = {"celeba": "fairface", "fairface": "celeba"}
    if arguments.layout == other[arguments.model]:
        raise BadInput(f"data laid out like {arguments.layout} cannot teach a {arguments.model} model.")
    if arguments.labels is not None and arguments.layout != "heads":
        raise BadInput("--labels goes with --layout heads; the others have files of their own.")
    if not arguments.data.is_dir():
        raise BadInput(f"{arguments.data} is not a folder.")
    if arguments.layout == "heads":
        return split_heads(arguments.data, arguments.labels)
    return split_celeba(arguments.data) if arguments.layout == "celeba" else split_fairface(arguments.data)


def configured(arguments: argparse.Namespace, taught: dict[str, tuple[str, ...]]) -> Any:
    """The preset with the options given, for the labels that the data can teach."""
    from pipeline.training.attributes.config import preset

    options = given(arguments, "seed", "batch", "precision")
    config = preset(arguments.model, arguments.preset, **options)
    network, weights = config.network, arguments.backbone_weights
    if weights is not None:
        weights = None if weights == "none" else weights
        network = replace(network, backbone=replace(network.backbone, weights=weights))
    try:
        return replace(config, network=network.taught(taught))
    except ValueError as error:
        raise BadInput(f"{arguments.data} cannot teach a {arguments.model} model: {error}") from error
