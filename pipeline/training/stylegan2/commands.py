"""``python -m pipeline train stylegan2``"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.command_line import Subcommands
from pipeline.training.options import add_end, add_training, check, chosen, given, train

if TYPE_CHECKING:
    from pipeline.training.stylegan2.config import TrainingConfig
    from pipeline.training.stylegan2.run import StyleGAN2Run

#: Names of ``pipeline.training.stylegan2.config.PRESETS``, which imports Keras: too slow for ``--help``.
PRESETS = ("demo", "demo-anchored", "demo-people", "thesis-128", "thesis-256")


def add_stylegan2(commands: Subcommands) -> None:
    """Register it; options that are not given are the preset's."""
    parser = add_training(commands, "stylegan2", PRESETS, about="generator and discriminator")
    parser.add_argument(
        "--start-from",
        type=Path,
        metavar="CHECKPOINT",
        help="start from another run's weights, where they fit",
    )
    parser.add_argument(
        "--anchors-from",
        type=Path,
        metavar="RUN",
        help="start from a training from anchors, which the anchored presets need",
    )
    parser.add_argument(
        "--discriminator",
        type=Path,
        metavar="FROM",
        help="with --anchors-from: bundle or checkpoint whose discriminator to start with",
    )
    schedule = parser.add_argument_group("schedule (default: the preset's)")
    schedule.add_argument("--batch", type=int, help="images a step, over all devices")
    schedule.add_argument("--gamma", type=float, dest="r1_gamma", help="weight of the R1 penalty")
    schedule.add_argument(
        "--mirror", action=argparse.BooleanOptionalAction, help="also show every picture mirrored"
    )
    schedule.add_argument(
        "--augment", metavar="PARTS", help="ADA's, of blit,geometry,colour (default: all), or none"
    )
    schedule.add_argument("--precision", choices=("float32", "mixed_bfloat16", "mixed_float16"))
    machine = parser.add_argument_group("machine (results do not depend on it)")
    machine.add_argument("--devices", type=int, help="share each batch (default: all accelerators, 1 on CPU)")
    machine.add_argument("--passes", type=int, default=1, help="passes a step, if a batch does not fit")
    end = add_end(parser, images=25_000_000)
    end.add_argument("--keep", type=int, default=2, help="newest checkpoints that stay (default: 2)")
    end.add_argument("--keep-every", type=int, metavar="IMAGES", help="also keep one for each so many images")
    parser.set_defaults(run=run_stylegan2)


def run_stylegan2(arguments: argparse.Namespace) -> None:
    """Train StyleGAN2 on a folder."""
    check(arguments, "start_from")
    limits = ("images", "hours", "grid_every", "checkpoint_every", "keep", "keep_every")
    train(lambda: stylegan2_run(arguments), **given(arguments, *limits))


def stylegan2_run(arguments: argparse.Namespace) -> "StyleGAN2Run":
    """The run that the options describe; ValueError if it cannot be."""
    from pipeline.dataset.images import load_images
    from pipeline.networks.faceres.framed import head_embedder
    from pipeline.networks.perceptual import lite0_look
    from pipeline.training.anchors.finishing import start_game
    from pipeline.training.checkpoints import checkpoint_files
    from pipeline.training.devices import devices
    from pipeline.training.shares import Shares
    from pipeline.training.stylegan2.run import StyleGAN2Run
    from pipeline.training.stylegan2.starting import start_from

    config = stylegan2_config(arguments)
    shares = Shares(devices(arguments.devices), arguments.passes)
    shares.size(config.batch, config.network.minibatch_std_group)
    images = load_images(arguments.data, config.network.resolution)
    if not checkpoint_files(arguments.out):
        if arguments.start_from is not None:
            start_from(arguments.start_from, config, arguments.out)
        elif arguments.anchors_from is not None:
            start_game(
                arguments.anchors_from,
                config,
                arguments.out,
                discriminator=arguments.discriminator,
                report=lambda line: print(line, file=sys.stderr),  # noqa: T201
            )
    look = lite0_look(config.network.resolution) if config.anchor_weight else None
    embed = head_embedder() if config.anchor_weight and config.identity_weight else None
    return StyleGAN2Run(config, images, arguments.out, shares, look=look, embed=embed)


def stylegan2_config(arguments: argparse.Namespace) -> "TrainingConfig":
    """The preset with the options' changes; ValueError for what cannot be."""
    from pipeline.training.stylegan2.config import PRESETS, reduced

    config = chosen(PRESETS, arguments, "batch", "r1_gamma", "mirror", "precision")
    if arguments.augment is not None:
        parts = tuple(arguments.augment.split(","))
        config = replace(config, ada_target=None) if parts == ("none",) else replace(config, augment=parts)
    return reduced(config)
