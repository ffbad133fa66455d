"""``python -m pipeline synthesize``"""

import argparse
import math
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.command_line import BadInput, Subcommands
from pipeline.interchange.seeds import seeds

if TYPE_CHECKING:
    import numpy as np

    from pipeline.interchange.codes import Codes
    from pipeline.networks.stylegan2 import StyleGAN2Config


def add_commands(subparsers: Subcommands) -> None:
    """Register this package's commands."""
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

    from pipeline.interchange.outputs import save_array, save_pictures
    from pipeline.interchange.synthesising import synthesised
    from pipeline.networks.bundle import Bundle, BundleError

    try:
        bundle = Bundle.open(arguments.bundle)
        generator = bundle.generator()
    except BundleError as error:
        raise BadInput(f"The bundle {arguments.bundle} cannot be used: {error}.") from error
    config: StyleGAN2Config = generator.config
    if not as_array and config.image_channels not in (1, 3):
        raise BadInput(f"Images of {config.image_channels} channels are no pictures; give --out FILE.npy.")
    codes = codes_of(arguments, config)
    batches = with_progress(
        synthesised(
            generator,
            codes,
            psi=arguments.truncation,
            noise=arguments.noise,
            noise_seed=arguments.noise_seed,
        ),
        len(codes),
    )
    if as_array:
        shape = (len(codes), config.resolution, config.resolution, config.image_channels)
        save_array(out, shape, batches)
    else:
        save_pictures(out, codes.names, batches)
    sys.stdout.write(f"{out}: {len(codes)} faces\n")


def codes_of(arguments: argparse.Namespace, config: "StyleGAN2Config") -> "Codes":
    """The codes that the command line asks for."""
    from pipeline.interchange.codes import codes_from_seeds, codes_from_w_plus, codes_from_z

    if arguments.seed is not None:
        # A seed given twice is one face.
        return codes_from_seeds(list(dict.fromkeys(chain.from_iterable(arguments.seed))), config)
    if arguments.z is not None:
        return codes_from_z(arguments.z, config)
    return codes_from_w_plus(arguments.w_plus, config)


def with_progress(batches: Iterable["np.ndarray"], count: int) -> Iterator["np.ndarray"]:
    """The same batches, counted on standard error where there are several."""
    from tqdm import tqdm

    from pipeline.interchange.synthesising import BATCH

    with tqdm(total=count, unit="face", disable=count <= BATCH) as bar:
        for batch in batches:
            yield batch
            bar.update(len(batch))
