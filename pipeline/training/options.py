"""What the commands of all trainings share: options, what they refuse, and how they end."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.command_line import BadInput, Subcommands

if TYPE_CHECKING:
    from pipeline.training.loop import Run
    from pipeline.training.schedule import Schedule

Config = TypeVar("Config", bound="Schedule")
MadeRun = TypeVar("MadeRun", bound="Run")
INTERVALS = ("images", "grid_every", "checkpoint_every", "keep", "keep_every", "batch", "passes")


def add_training(
    commands: Subcommands, name: str, presets: Sequence[str], *, about: str
) -> argparse.ArgumentParser:
    """``train NAME DATA --out DIR --preset NAME --seed N``."""
    parser = commands.add_parser(name, help=f"{about}; goes on from OUT's newest checkpoint")
    parser.add_argument(
        "data", type=Path, metavar="DATA", help="folder of pictures, or what faces build wrote"
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="checkpoints, statistics, sample grids"
    )
    parser.add_argument("--preset", default=presets[0], help=f"{', '.join(presets)} (default: {presets[0]})")
    parser.add_argument("--seed", type=int, default=0)
    return parser


def add_end(parser: argparse.ArgumentParser, images: int) -> argparse._ArgumentGroup:
    """When a training without an end of its own ends, and what it writes how often."""
    end = parser.add_argument_group("end and records, in images")
    end.add_argument("--images", type=int, default=images, help=f"end after so many (default: {images:,})")
    end.add_argument("--hours", type=float, help="end after so many hours, if that is sooner")
    end.add_argument("--grid-every", type=int, default=10_000)
    end.add_argument("--checkpoint-every", type=int, default=20_000)
    return end


def chosen(presets: Mapping[str, Config], arguments: argparse.Namespace, *options: str) -> Config:
    """The preset that is asked for, with the seed and those of the ``options`` that are given."""
    if arguments.preset not in presets:
        raise BadInput(f"no preset {arguments.preset!r}; there are {', '.join(presets)}.")
    return replace(presets[arguments.preset], seed=arguments.seed, **given(arguments, *options))


def given(arguments: argparse.Namespace, *options: str) -> dict[str, Any]:
    """Values of those options that have one."""
    return {name: value for name in options if (value := getattr(arguments, name)) is not None}


def check(arguments: argparse.Namespace, *files: str) -> None:
    """BadInput for a number below 1, or for one of these options that names no file."""
    for name in INTERVALS:
        if getattr(arguments, name, None) is not None and getattr(arguments, name) < 1:
            raise BadInput(f"--{name.replace('_', '-')} must be at least 1.")
    for name in files:
        file = getattr(arguments, name)
        if file is not None and not file.is_file():
            raise BadInput(f"there is no file {file}.")


def train(make: Callable[[], MadeRun], **limits: Any) -> MadeRun:
    """Make a run and let it train; BadInput for what cannot be, exit status 1 if it diverges."""
    from pipeline.networks.bundle import BundleError
    from pipeline.training.loop import Diverged

    try:
        run = make()
    except (ValueError, OSError, BundleError) as error:
        raise BadInput(str(error)) from error
    try:
        run.train(**limits)
    except Diverged as error:
        raise SystemExit(f"error: {error}") from error
    return run
