"""How every ``evaluate WHAT`` runs: parse, check, measure, write a report into ``--out``, print it."""

import argparse
import importlib
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from pipeline.command_line import BadInput, Subcommands

INTERRUPTED: Final = 130


def add_measurement(
    commands: Subcommands, name: str, module: str, *, least: Mapping[str, int], **words: str
) -> argparse.ArgumentParser:
    """Register ``evaluate NAME``.

    Args:
        module: has ``measure``, a function of the parsed arguments that returns an ``Outcome``; imported when
            the command runs, since it loads TensorFlow.
        least: option → the least number that makes sense.
        words: ``help`` and ``description``.
    """
    parser = commands.add_parser(name, help=words["help"], description=words.get("description"))
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="for JSON, page and pictures")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print the report instead of a summary")
    parser.set_defaults(run=partial(run, module, least))
    return parser


def add_truncation(parser: argparse.ArgumentParser, whose: str) -> None:
    """``--truncation PSI``, of ``whose`` faces."""
    parser.add_argument(
        "--truncation", type=float, default=1.0, metavar="PSI", help=f"of the {whose} (default: 1)"
    )


def run(module: str, least: Mapping[str, int], arguments: argparse.Namespace) -> None:
    """Measure, and print the report or a summary."""
    check(arguments, least)
    if arguments.out.exists() and not arguments.out.is_dir():
        raise BadInput(f"{arguments.out} is a file; --out names a folder.")
    outcome = importlib.import_module(module).measure(arguments)
    if arguments.json:
        sys.stdout.write(json.dumps(outcome.report, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in outcome.summary))


def check(arguments: argparse.Namespace, least: Mapping[str, int]) -> None:
    """Refuse numbers of which no measurement can be made.

    Raises:
        BadInput: one is smaller than in ``least``, the seed negative, or ψ not from 0 to 2.
    """
    for name, number in {"seed": 0, **least}.items():
        given = getattr(arguments, name)
        if given is not None and given < number:
            raise BadInput(f"--{name.replace('_', '-')} must be at least {number}.")
    if not 0.0 <= getattr(arguments, "truncation", 1.0) <= 2.0:
        raise BadInput(f"--truncation is a number from 0 to 2, not {arguments.truncation}.")


@contextmanager
def resumable() -> Iterator[None]:
    """On Ctrl-C say in one line that nothing is lost, and end with the status of an interrupted program."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. The same command goes on from here.\n")
        raise SystemExit(INTERRUPTED) from None
