"""``python -m pipeline train …``"""

import argparse
from pathlib import Path

from pipeline.command_line import BadInput, Subcommands


def add_commands(subparsers: Subcommands) -> None:
    """Register this package's commands."""
    train = subparsers.add_parser("train", help="train a network")
    commands = train.add_subparsers(metavar="NETWORK", required=True)
    gan = commands.add_parser(
        "stylegan2", help="generator and discriminator; goes on from OUT's newest checkpoint"
    )
    gan.add_argument("data", type=Path, metavar="DATA", help="folder of pictures")
    gan.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="checkpoints, statistics, sample grids"
    )
    gan.add_argument("--preset", default="demo", help="demo (default) or thesis-128")
    gan.add_argument(
        "--images", type=int, default=25_000_000, help="end after so many images (default: 25 million)"
    )
    gan.add_argument("--hours", type=float, help="end after so many hours")
    gan.add_argument("--seed", type=int, default=0)
    gan.set_defaults(run=run_stylegan2)


def run_stylegan2(arguments: argparse.Namespace) -> None:
    """Train StyleGAN2 on a folder."""
    from pipeline.training.images import NoImages, load_images
    from pipeline.training.stylegan2.config import PRESETS, preset
    from pipeline.training.stylegan2.loop import Run

    if arguments.preset not in PRESETS:
        raise BadInput(f"no preset {arguments.preset!r}; there are {', '.join(PRESETS)}.")
    config = preset(arguments.preset, seed=arguments.seed)
    try:
        images = load_images(arguments.data, config.network.resolution)
        run = Run(config, images, arguments.out)
    except (NoImages, ValueError) as error:
        raise BadInput(str(error)) from error
    run.train(images=arguments.images, hours=arguments.hours)
