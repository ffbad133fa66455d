"""``python -m pipeline complete-bundle …``, and the same options of ``bundle``."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.command_line import BadInput, Subcommands

if TYPE_CHECKING:
    from pipeline.networks.bundle import Bundle


def add_options(parser: argparse.ArgumentParser) -> None:
    """What a bundle is completed with."""
    parser.add_argument(
        "--faces", type=Path, metavar="DIR", help="training faces: measures the band of neighbours"
    )
    parser.add_argument(
        "--pairs",
        type=Path,
        metavar="DIR",
        help="pictures NAME_1 and NAME_2 of people (default: augmented faces)",
    )
    parser.add_argument(
        "--stranger-share",
        type=float,
        metavar="SHARE",
        help="fillers are more like the suspect than this share of faces at random (default: 0.5)",
    )
    parser.add_argument(
        "--directions", type=Path, metavar="FILE", help="that `train directions` wrote for these networks"
    )


def add_complete(subparsers: Subcommands) -> None:
    """``complete-bundle``."""
    parser = subparsers.add_parser(
        "complete-bundle", help="measure a bundle's band of neighbours, add directions"
    )
    parser.add_argument("bundle", type=Path, metavar="BUNDLE")
    add_options(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="the new bundle (default: in its place)")
    parser.set_defaults(run=run_complete)


def run_complete(arguments: argparse.Namespace) -> None:
    """Complete a bundle and say what it is."""
    from pipeline.networks.bundle import Bundle, BundleError

    try:
        bundle = Bundle.open(arguments.bundle)
    except BundleError as error:
        raise BadInput(f"{arguments.bundle}: {error}.") from error
    if arguments.faces is None and arguments.directions is None:
        raise BadInput("nothing to add: name --faces, --directions or both.")
    made = completed(bundle, arguments, arguments.out or arguments.bundle)
    sys.stdout.write(f"{made.folder}: bundle {made.digest}\n")


def completed(bundle: "Bundle", arguments: argparse.Namespace, folder: Path) -> "Bundle":
    """The bundle with what the options ask for; itself if they ask for nothing."""
    if arguments.faces is None and arguments.pairs is None and arguments.directions is None:
        return bundle
    if arguments.stranger_share is not None and not 0.0 <= arguments.stranger_share < 1.0:
        raise BadInput(f"--stranger-share is from 0 to below 1, not {arguments.stranger_share}.")
    from pipeline.training.bundling.completing import complete

    made = complete(
        bundle,
        folder,
        faces=arguments.faces,
        pairs=arguments.pairs,
        directions=arguments.directions,
        stranger_share=arguments.stranger_share,
        report=lambda stage: print(f"measuring: {stage}", file=sys.stderr),  # noqa: T201
    )
    band = made.band()
    if band is not None:
        sys.stdout.write(
            f"one person from {band.same_person:.3f}; first radius {band.first_radius:.2f}, "
            f"faces found there {band.measured['first_radius']['found_of_12']}\n"
        )
    return made
