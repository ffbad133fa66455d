"""``python -m pipeline train anchors``"""

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.command_line import BadInput, Subcommands
from pipeline.training.options import add_end, add_training, check, chosen, given, train

if TYPE_CHECKING:
    from pipeline.training.anchors.run import AnchorRun

#: Names of ``pipeline.training.anchors.config.PRESETS``, which imports Keras: too slow for ``--help``.
PRESETS = ("demo", "demo-64", "demo-people")


def add_anchors(commands: Subcommands) -> None:
    """Register it."""
    about = "synthesis network from pictures alone, before the adversarial game"
    parser = add_training(commands, "anchors", PRESETS, about=about)
    parser.add_argument(
        "--start-from",
        type=Path,
        metavar="FROM",
        help="checkpoint of such a training, or a bundle; of the same or of half the resolution",
    )
    parser.add_argument(
        "--synthesis",
        type=Path,
        metavar="CHECKPOINT",
        help="of the stylegan2 training that went on from FROM: whose synthesis network to take",
    )
    add_end(parser, images=100_000)
    parser.set_defaults(run=run_anchors)


def run_anchors(arguments: argparse.Namespace) -> None:
    """Train from anchors."""
    check(arguments)
    origin = arguments.start_from
    if arguments.synthesis is not None and (origin is None or not origin.is_file()):
        raise BadInput("--synthesis goes with --start-from and a checkpoint of a training from anchors.")
    train(
        lambda: anchor_run(arguments),
        **given(arguments, "images", "hours", "grid_every", "checkpoint_every"),
    )


def anchor_run(arguments: argparse.Namespace) -> "AnchorRun":
    """The run that the options describe; ValueError, OSError or BundleError if it cannot be."""
    from pipeline.dataset.images import load_images
    from pipeline.networks.faceres.framed import head_embedder
    from pipeline.networks.perceptual import lite0_look
    from pipeline.training.anchors.config import PRESETS
    from pipeline.training.anchors.pictures import COMPONENTS
    from pipeline.training.anchors.run import AnchorRun
    from pipeline.training.anchors.start import FromBundle, FromRun, Start

    config, origin = chosen(PRESETS, arguments), arguments.start_from
    start: Start | None = None
    if origin is not None:
        start = FromRun(origin, arguments.synthesis) if origin.is_file() else FromBundle(origin)
        if origin.is_file() and not (arguments.out / COMPONENTS).is_file():
            arguments.out.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(origin.parent / COMPONENTS, arguments.out / COMPONENTS)
    side = config.network.resolution
    embed = head_embedder() if config.identities or config.identity_weight else None
    images = load_images(arguments.data, side)
    return AnchorRun(config, images, arguments.out, lite0_look(side), start, embed=embed)
