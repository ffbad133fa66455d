"""``python -m pipeline train anchors``"""

import argparse
import shutil
from pathlib import Path

from pipeline.command_line import BadInput, Subcommands

#: Names of ``pipeline.training.anchors.config.PRESETS``, which imports Keras: too slow for ``--help``.
PRESETS = ("demo", "demo-64", "demo-people")


def add_anchors(commands: Subcommands) -> None:
    """Register ``train anchors``."""
    anchors = commands.add_parser(
        "anchors", help="synthesis network from pictures alone, before the adversarial game"
    )
    anchors.add_argument(
        "data", type=Path, metavar="DATA", help="folder of pictures, or what faces build wrote"
    )
    anchors.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="checkpoints, statistics, grids"
    )
    anchors.add_argument("--preset", default=PRESETS[0], help=f"{', '.join(PRESETS)} (default: the first)")
    anchors.add_argument(
        "--start-from",
        type=Path,
        metavar="FROM",
        help="checkpoint of such a training, or a bundle; of the same or of half the resolution",
    )
    anchors.add_argument(
        "--synthesis",
        type=Path,
        metavar="CHECKPOINT",
        help="of the stylegan2 training that went on from FROM: whose synthesis network to take",
    )
    anchors.add_argument("--images", type=int, default=100_000, help="end after so many (default: 100,000)")
    anchors.add_argument("--hours", type=float, help="end after so many hours, if that is sooner")
    anchors.add_argument("--grid-every", type=int, default=10_000, help="images")
    anchors.add_argument("--checkpoint-every", type=int, default=20_000, help="images")
    anchors.add_argument("--seed", type=int, default=0)
    anchors.set_defaults(run=run_anchors)


def run_anchors(arguments: argparse.Namespace) -> None:
    """Train from anchors; exit status 1 if the loss is no longer a number."""
    from pipeline.dataset.images import load_images
    from pipeline.networks.bundle import BundleError
    from pipeline.networks.faceres.framed import head_embedder
    from pipeline.networks.perceptual import lite0_look
    from pipeline.training.anchors.config import preset
    from pipeline.training.anchors.loop import AnchorRun
    from pipeline.training.anchors.pictures import COMPONENTS
    from pipeline.training.anchors.start import FromBundle, FromRun, Start

    if arguments.preset not in PRESETS:
        raise BadInput(f"no preset {arguments.preset!r}; there are {', '.join(PRESETS)}.")
    for name in ("images", "grid_every", "checkpoint_every"):
        if getattr(arguments, name) < 1:
            raise BadInput(f"--{name.replace('_', '-')} must be at least 1.")
    origin, played = arguments.start_from, arguments.synthesis
    if played is not None and (origin is None or not origin.is_file()):
        raise BadInput("--synthesis goes with --start-from and a checkpoint of a training from anchors.")
    start: Start | None = None
    config = preset(arguments.preset, seed=arguments.seed)
    try:
        if origin is not None:
            start = FromRun(origin, played) if origin.is_file() else FromBundle(origin)
            if origin.is_file() and not (arguments.out / COMPONENTS).is_file():
                arguments.out.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(origin.parent / COMPONENTS, arguments.out / COMPONENTS)
        side = config.network.resolution
        images = load_images(arguments.data, side)
        embed = head_embedder() if config.identities or config.identity_weight else None
        run = AnchorRun(config, images, arguments.out, lite0_look(side), start, embed=embed)
    except (ValueError, OSError, BundleError) as error:
        raise BadInput(str(error)) from error
    try:
        run.train(
            images=arguments.images,
            hours=arguments.hours,
            grid_every=arguments.grid_every,
            checkpoint_every=arguments.checkpoint_every,
        )
    except FloatingPointError as error:
        raise SystemExit(f"error: {error}") from error
