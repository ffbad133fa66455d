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
    gan.add_argument(
        "--grow-from", type=Path, metavar="CHECKPOINT", help="start from a run at half the resolution"
    )
    gan.add_argument("--seed", type=int, default=0)
    gan.set_defaults(run=run_stylegan2)
    encoder = commands.add_parser("encoder", help="photograph to w+, for a trained generator")
    encoder.add_argument(
        "data", type=Path, metavar="DATA", help="folder of pictures, framed as the generator's"
    )
    encoder.add_argument(
        "--generator", type=Path, required=True, metavar="CHECKPOINT", help="of its training"
    )
    encoder.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="checkpoints, statistics, grids"
    )
    encoder.add_argument("--preset", default="demo", help="demo (default) or thesis-128")
    encoder.add_argument("--steps", type=int, help="steps in all, the preset's by default")
    encoder.add_argument("--latent-steps", type=int, help="first steps with the latent loss alone")
    encoder.add_argument(
        "--start-from", type=Path, metavar="CHECKPOINT", help="take the weights of another run"
    )
    encoder.add_argument("--seed", type=int, default=0)
    encoder.set_defaults(run=run_encoder)
    bundle = subparsers.add_parser("bundle", help="make a bundle of trained networks")
    bundle.add_argument("--generator", type=Path, required=True, metavar="CHECKPOINT", help="of its training")
    bundle.add_argument("--encoder", type=Path, required=True, metavar="CHECKPOINT", help="of its training")
    bundle.add_argument(
        "--description", type=Path, required=True, metavar="JSON", help="name, licence, data, …"
    )
    bundle.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="may hold MODEL_CARD.md already"
    )
    bundle.add_argument(
        "--samples", type=int, default=10_000, help="faces that the neighbourhood is fitted on"
    )
    bundle.set_defaults(run=run_bundle)


def run_stylegan2(arguments: argparse.Namespace) -> None:
    """Train StyleGAN2 on a folder."""
    from pipeline.training.checkpoints import checkpoint_files
    from pipeline.training.images import NoImages, load_images
    from pipeline.training.stylegan2.config import PRESETS, preset
    from pipeline.training.stylegan2.growing import start_grown
    from pipeline.training.stylegan2.loop import Run

    if arguments.preset not in PRESETS:
        raise BadInput(f"no preset {arguments.preset!r}; there are {', '.join(PRESETS)}.")
    if arguments.grow_from is not None and not arguments.grow_from.is_file():
        raise BadInput(f"{arguments.grow_from} is not a checkpoint.")
    config = preset(arguments.preset, seed=arguments.seed)
    try:
        images = load_images(arguments.data, config.network.resolution)
        if arguments.grow_from is not None and not checkpoint_files(arguments.out):
            start_grown(arguments.grow_from, config, arguments.out)
        run = Run(config, images, arguments.out)
    except (NoImages, ValueError) as error:
        raise BadInput(str(error)) from error
    run.train(images=arguments.images, hours=arguments.hours)


def run_encoder(arguments: argparse.Namespace) -> None:
    """Train the encoder for a generator."""
    from pipeline.training.encoder.config import PRESETS, preset
    from pipeline.training.encoder.loop import EncoderRun
    from pipeline.training.images import NoImages, load_images

    if arguments.preset not in PRESETS:
        raise BadInput(f"no preset {arguments.preset!r}; there are {', '.join(PRESETS)}.")
    for file in (arguments.generator, arguments.start_from):
        if file is not None and not file.is_file():
            raise BadInput(f"{file} is not a checkpoint.")
    given = {"steps": arguments.steps, "latent_steps": arguments.latent_steps}
    changes = {name: value for name, value in given.items() if value is not None}
    config = preset(arguments.preset, seed=arguments.seed, **changes)
    try:
        images = load_images(arguments.data, config.network.resolution)
        run = EncoderRun(config, arguments.generator, images, arguments.out, arguments.start_from)
    except (NoImages, ValueError) as error:
        raise BadInput(str(error)) from error
    run.train()


def run_bundle(arguments: argparse.Namespace) -> None:
    """Write a bundle and say what it is."""
    import sys

    from pipeline.training.bundling import BadDescription, make_bundle, read_description

    for file in (arguments.generator, arguments.encoder):
        if not file.is_file():
            raise BadInput(f"{file} is not a checkpoint.")
    try:
        description = read_description(arguments.description)
    except BadDescription as error:
        raise BadInput(str(error)) from error
    bundle = make_bundle(
        arguments.generator,
        arguments.encoder,
        description,
        arguments.out,
        samples=arguments.samples,
        report=lambda done: print(f"\rencoded {done}/{arguments.samples}", end="", file=sys.stderr),  # noqa: T201
    )
    sys.stderr.write("\n")
    sys.stdout.write(f"{bundle.folder}: bundle {bundle.digest}\n")
