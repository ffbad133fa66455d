"""``python -m pipeline bundle …`` and ``complete-bundle``."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.command_line import BadInput, Subcommands
from pipeline.training.options import check

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


def add_bundle(subparsers: Subcommands) -> None:
    """``bundle``."""
    bundle = subparsers.add_parser("bundle", help="make a bundle of trained networks")
    bundle.add_argument("--generator", type=Path, required=True, metavar="CHECKPOINT", help="of its training")
    bundle.add_argument("--encoder", type=Path, required=True, metavar="CHECKPOINT", help="of its training")
    bundle.add_argument(
        "--attributes",
        type=Path,
        action="append",
        default=[],
        metavar="MODEL",
        help="folder of a training of attributes; once for each of celeba and fairface",
    )
    bundle.add_argument(
        "--description", type=Path, required=True, metavar="JSON", help="name, licence, data, …"
    )
    bundle.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="may hold MODEL_CARD.md already"
    )
    bundle.add_argument(
        "--samples", type=int, default=10_000, help="faces that the neighbourhood is fitted on"
    )
    add_options(bundle)
    bundle.set_defaults(run=run_bundle)


def add_complete(subparsers: Subcommands) -> None:
    """``complete-bundle``."""
    parser = subparsers.add_parser(
        "complete-bundle", help="measure a bundle's band of neighbours, add directions"
    )
    parser.add_argument("bundle", type=Path, metavar="BUNDLE")
    add_options(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="the new bundle (default: in its place)")
    parser.set_defaults(run=run_complete)


def run_bundle(arguments: argparse.Namespace) -> None:
    """Write a bundle and say what it is."""
    from pipeline.training.attributes.trained import load_all
    from pipeline.training.bundling.bundle import make_bundle, read_description

    check(arguments, "generator", "encoder")
    description = read_description(arguments.description)
    bundle = make_bundle(
        arguments.generator,
        arguments.encoder,
        description,
        arguments.out,
        samples=arguments.samples,
        attributes=load_all(arguments.attributes),
        report=lambda done: print(f"\rencoded {done}/{arguments.samples}", end="", file=sys.stderr),  # noqa: T201
    )
    sys.stderr.write("\n")
    bundle = completed(bundle, arguments, arguments.out)
    sys.stdout.write(f"{bundle.folder}: bundle {bundle.digest}\n")


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
