"""``python -m pipeline import-stylegan2``, ``export-stylegan2``, ``import-faceres`` and ``synthesize``.

Keras takes seconds to load: what needs it is imported when a command runs.
"""

import argparse
import math
import re
import sys
from itertools import chain
from pathlib import Path
from typing import Final

from pipeline.command_line import BadInput, Subcommands

LARGEST_SEED: Final = 2**32 - 1
MOST_SEEDS: Final = 1_000_000


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
    faceres = subparsers.add_parser(
        "import-faceres", help="convert the face embedder from its TensorFlow.js files"
    )
    faceres.add_argument(
        "model", type=Path, metavar="MODEL_JSON", help="faceres.json, with faceres.bin beside it"
    )
    faceres.add_argument("folder", type=Path, metavar="OUT", help="for weights.safetensors and graph.json")
    faceres.set_defaults(run=run_import_faceres)
    parser = subparsers.add_parser(
        "synthesize",
        help="make faces with a bundle's generator",
        description="Makes faces from seeds, or from codes in an .npy file. Pictures and files of the same "
        "names are replaced.",
    )
    parser.add_argument("--bundle", type=Path, required=True, metavar="DIR")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--seed",
        type=seeds,
        nargs="+",
        metavar="N",
        help="one face a seed: 7, or 0-99 (as the published code)",
    )
    source.add_argument("--z", type=Path, metavar="FILE.npy", help="float (n, z_dim)")
    source.add_argument(
        "--w-plus", type=Path, metavar="FILE.npy", help="float (n, num_ws, w_dim), or w: float (n, w_dim)"
    )
    parser.add_argument(
        "--truncation",
        type=float,
        default=1.0,
        metavar="PSI",
        help="pull w, or the given w+, to the mean: 1 not at all (default), 0 the mean face",
    )
    parser.add_argument(
        "--noise",
        choices=("const", "none", "random"),
        default="const",
        help="const: the network's own (default); random: drawn for each face, from --noise-seed",
    )
    parser.add_argument(
        "--noise-seed", type=int, default=0, metavar="N", help="for --noise random (default: 0)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR_OR_FILE.npy",
        help="folder for PNG files, or FILE.npy for the network's output: float32 (n, height, width, 3), "
        "unclipped",
    )
    parser.set_defaults(run=run_synthesize)


def seeds(text: str) -> range:
    """``7`` or ``0-99``, both ends included, as the command line has it."""
    match = re.fullmatch(r"([0-9]{1,10})(?:-([0-9]{1,10}))?", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number from 0 up nor a range like 0-99")
    first, last = int(match[1]), int(match[2] or match[1])
    if not first <= last <= LARGEST_SEED or last - first >= MOST_SEEDS:
        raise argparse.ArgumentTypeError(
            f"{text!r}: seeds go from 0 to {LARGEST_SEED}, upwards, {MOST_SEEDS} at most"
        )
    return range(first, last + 1)


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


def run_import_faceres(arguments: argparse.Namespace) -> None:
    """Convert, and say what came of it."""
    from pipeline.interchange.tfjs import import_tfjs
    from pipeline.networks.faceres import GraphError

    try:
        graph = import_tfjs(arguments.model, arguments.folder)
    except GraphError as error:
        raise BadInput(str(error)) from error
    sys.stdout.write(
        f"{arguments.folder}: {len(graph.nodes)} operations, outputs {', '.join(graph.outputs)}\n"
    )


def run_synthesize(arguments: argparse.Namespace) -> None:
    """Make faces and say where they are."""
    out: Path = arguments.out
    if not math.isfinite(arguments.truncation):
        raise BadInput("--truncation must be a number.")
    if arguments.noise_seed < 0:
        raise BadInput("--noise-seed must be 0 or more.")
    as_array = out.suffix == ".npy"
    if out.exists() and out.is_dir() == as_array:
        raise BadInput(f"{out} is a folder." if as_array else f"{out} is a file; PNG files go to a folder.")

    from pipeline.interchange.codes import codes_from_seeds, codes_from_w_plus, codes_from_z
    from pipeline.interchange.synthesising import save_array, save_pictures, synthesised
    from pipeline.networks.bundle import Bundle, BundleError

    try:
        bundle = Bundle.open(arguments.bundle)
        generator = bundle.generator()
    except BundleError as error:
        raise BadInput(f"The bundle {arguments.bundle} cannot be used: {error}.") from error
    config = generator.config
    if not as_array and config.image_channels not in (1, 3):
        raise BadInput(f"Images of {config.image_channels} channels are no pictures; give --out FILE.npy.")
    if arguments.seed is not None:
        # A seed given twice is one face.
        codes = codes_from_seeds(list(dict.fromkeys(chain.from_iterable(arguments.seed))), config)
    elif arguments.z is not None:
        codes = codes_from_z(arguments.z, config)
    else:
        codes = codes_from_w_plus(arguments.w_plus, config)
    batches = synthesised(
        generator, codes, psi=arguments.truncation, noise=arguments.noise, noise_seed=arguments.noise_seed
    )
    if as_array:
        shape = (len(codes), config.resolution, config.resolution, config.image_channels)
        save_array(out, shape, batches)
    else:
        save_pictures(out, codes.names, batches)
    sys.stdout.write(f"{out}: {len(codes)} faces\n")
