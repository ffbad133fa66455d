"""The offline command line: ``python -m pipeline --help``.

Each module of ``COMMANDS`` offers ``add_commands(subparsers)``, which sets ``run`` on each parser to a
function of the parsed arguments. They import TensorFlow only when a command runs.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Final

from pipeline.command_line import BadInput

COMMANDS: Final = (
    "pipeline.recipes.commands",
    "pipeline.dataset.commands",
    "pipeline.gallery.commands",
    "pipeline.training.commands",
    "pipeline.evaluation.commands",
    "pipeline.interchange.commands",
)


def parser() -> argparse.ArgumentParser:
    """The whole command line with every package's commands."""
    root = argparse.ArgumentParser(
        prog="python -m pipeline", description="Data sets, training, evaluation, bundles."
    )
    subparsers = root.add_subparsers(metavar="COMMAND", required=True)
    for module in COMMANDS:
        importlib.import_module(module).add_commands(subparsers)
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
