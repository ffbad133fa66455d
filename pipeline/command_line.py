"""What the commands of ``python -m pipeline`` share: how they register, refuse and find the bundle."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    Subcommands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Subcommands = argparse._SubParsersAction

SHIPPED_BUNDLE: Final = Path(__file__).resolve().parents[1] / "gpu_worker" / "bundles" / "demo"


class BadInput(Exception):
    """The user asked for something that cannot be done: exit status 2 and ``str()`` as the one line said."""


def add_bundle(parser: argparse.ArgumentParser) -> None:
    """``--bundle DIR``; without it, as a worker: ``LIGAN_BUNDLE``, else the bundle that ships."""
    parser.add_argument(
        "--bundle",
        type=Path,
        default=Path(os.environ.get("LIGAN_BUNDLE") or SHIPPED_BUNDLE),
        metavar="DIR",
        help="(default: the variable LIGAN_BUNDLE, else the bundle that ships)",
    )
