"""``python -m pipeline gallery build``, ``leave-out`` and ``join``."""

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
    join = commands.add_parser("join", help="make one gallery of two")
    for name, which in (("gallery", "a gallery"), ("other", "another, of the same wall and garment")):
        join.add_argument(name, type=Path, metavar=name.upper(), help=f"folder of {which}; stays as it is")
    join.add_argument("out", type=Path, metavar="OUT", help="folder that is made")
    join.add_argument(
        "--same-photographs", action="store_true", help="both were built of the same folder and labels"
    )
    join.set_defaults(run=run_join)


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


def run_join(arguments: argparse.Namespace) -> None:
    """Write the gallery of both, and say how many of the second are in it."""
    from pipeline.gallery import Gallery, GalleryError
    from pipeline.gallery.joining import joined

    try:
        one, other = Gallery.open(arguments.gallery), Gallery.open(arguments.other)
        both = joined(one, other, arguments.out, same_photographs=arguments.same_photographs)
    except GalleryError as error:
        raise BadInput(f"{error}.") from error
    sys.stdout.write(
        f"{len(both):,} faces, {len(both) - len(one):,} of {len(other):,} from {arguments.other}: "
        f"{arguments.out}\n"
    )
