"""``python -m pipeline gallery build``."""

import argparse

from pipeline.command_line import Subcommands
from pipeline.gallery.building.options import add_building, built


def add_commands(subparsers: Subcommands) -> None:
    """Register this package's commands."""
    gallery = subparsers.add_parser("gallery", help="photographic people who do not exist")
    commands = gallery.add_subparsers(metavar="COMMAND", required=True)
    build = commands.add_parser("build", help="make a gallery of photographs of people")
    add_building(build)
    build.set_defaults(run=run_build)


def run_build(arguments: argparse.Namespace) -> None:
    """Build, or go on; the counts on standard output, progress on standard error."""
    from pipeline.gallery.building.containers import GalleryContainer

    built(arguments, GalleryContainer())
