"""``python -m pipeline import-stylegan2`` and ``export-stylegan2``"""

import argparse
import sys
from pathlib import Path

from pipeline.command_line import BadInput, Subcommands


def add_commands(subparsers: Subcommands) -> None:
    """Register this package's commands."""
    importing = subparsers.add_parser(
        "import-stylegan2",
        help="make a bundle of a StyleGAN2 snapshot of the published code",
        description="Takes the averaged generator (G_ema) and the discriminator of a snapshot of the "
        "published PyTorch or TensorFlow code. Nothing in it is run; what is more than data is refused.",
    )
    importing.add_argument("snapshot", type=Path, metavar="SNAPSHOT", help="network-snapshot-….pkl")
    importing.add_argument(
        "bundle", type=Path, metavar="OUT_BUNDLE", help="folder to make; must not exist yet"
    )
    importing.add_argument("--licence", metavar="TEXT", help="for bundle.json; unknown if not given")
    importing.set_defaults(run=run_import)
    exporting = subparsers.add_parser(
        "export-stylegan2",
        help="write a bundle's generator under the published names",
        description="Writes the generator's tensors in the published layout, float32, and init_kwargs, the "
        "JSON of the arguments of the published class. A file at OUT.npz is replaced.",
    )
    exporting.add_argument("bundle", type=Path, metavar="BUNDLE")
    exporting.add_argument("out", type=Path, metavar="OUT.npz")
    exporting.set_defaults(run=run_export)


def run_import(arguments: argparse.Namespace) -> None:
    """Import a snapshot and say what came of it."""
    from pipeline.interchange.importing import Occupied, import_snapshot
    from pipeline.pickles.unpickler import Unreadable

    try:
        bundle, snapshot = import_snapshot(arguments.snapshot, arguments.bundle, licence=arguments.licence)
    except Unreadable as error:
        raise BadInput(f"{arguments.snapshot} cannot be imported: {error}.") from error
    except Occupied as error:
        raise BadInput(f"{error} Name a folder that does not exist yet.") from error
    if snapshot.left_out is not None:
        sys.stderr.write(f"There is no discriminator in the bundle: {snapshot.left_out}.\n")
    config = snapshot.generator_config
    sys.stdout.write(
        f"{bundle.folder}: bundle {bundle.digest}, {config.resolution} px, "
        f"{config.mapping_layers} mapping layers, w of {config.w_dim}.\n"
    )


def run_export(arguments: argparse.Namespace) -> None:
    """Export a bundle's generator."""
    from pipeline.interchange.exporting import export_generator
    from pipeline.networks.bundle import Bundle, BundleError

    out: Path = arguments.out
    if out.suffix != ".npz" or out.is_dir():
        raise BadInput(f"{out} should be the name of a file that ends in .npz.")
    try:
        export_generator(Bundle.open(arguments.bundle), out)
    except BundleError as error:
        raise BadInput(f"{arguments.bundle} cannot be exported: {error}.") from error
    sys.stdout.write(f"{out}\n")
