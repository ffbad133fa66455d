"""``python -m pipeline gallery build`` and ``leave-out``."""

import argparse
import sys
from pathlib import Path

from pipeline.command_line import BadInput, Subcommands
from pipeline.gallery.building.options import add_building, built


def add_commands(subparsers: Subcommands) -> None:
    """Register this package's commands."""
    gallery = subparsers.add_parser("gallery", help="photographic people who do not exist")
    commands = gallery.add_subparsers(metavar="COMMAND", required=True)
    build = commands.add_parser("build", help="make a gallery of photographs of people")
    add_building(build)
    build.set_defaults(run=run_build)
    leave_out = commands.add_parser("leave-out", help="make a gallery of another's faces but some")
    leave_out.add_argument(
        "gallery", type=Path, metavar="GALLERY", help="folder of a gallery; stays as it is"
    )
    leave_out.add_argument(
        "unfit", type=Path, metavar="UNFIT", help="lines of a face's number and the reason"
    )
    leave_out.add_argument("out", type=Path, metavar="OUT", help="folder that is made")
    leave_out.set_defaults(run=run_leave_out)


def run_build(arguments: argparse.Namespace) -> None:
    """Build, or go on; the counts on standard output, progress on standard error."""
    from pipeline.gallery.building.containers import GalleryContainer

    built(arguments, GalleryContainer())


def run_leave_out(arguments: argparse.Namespace) -> None:
    """Write the gallery of the others, and say how many they are."""
    from pipeline.gallery import Gallery, GalleryError
    from pipeline.gallery.leaving_out import read_unfit, without

    unfit = read_unfit(arguments.unfit)
    try:
        left = without(Gallery.open(arguments.gallery), unfit, arguments.out)
    except GalleryError as error:
        raise BadInput(f"{error}.") from error
    sys.stdout.write(f"{len(left):,} faces, {len(unfit):,} left out: {arguments.out}\n")
