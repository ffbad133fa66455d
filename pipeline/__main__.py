"""The offline command line: ``python -m pipeline --help``.

A package of the pipeline that has commands offers ``commands.add_commands(subparsers)``, which sets ``run``
on each parser to a function of the parsed arguments. Those modules import TensorFlow only when a command
runs.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Final

from pipeline.command_line import BadInput

PACKAGES: Final = (
    "pipeline.faces",
    "pipeline.networks",
    "pipeline.training",
    "pipeline.foreign",
    "pipeline.synthesis",
    "pipeline.evaluation",
)


def parser() -> argparse.ArgumentParser:
    """The whole command line with every package's commands."""
    root = argparse.ArgumentParser(
        prog="python -m pipeline", description="Data sets, training, evaluation, bundles."
    )
    subparsers = root.add_subparsers(metavar="COMMAND", required=True)
    for package in PACKAGES:
        importlib.import_module(f"{package}.commands").add_commands(subparsers)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status: 2 with one line on standard error for bad input."""
    arguments = parser().parse_args(argv)
    try:
        arguments.run(arguments)
    except BadInput as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
