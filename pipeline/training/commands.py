"""``python -m pipeline train …``"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.command_line import BadInput, Subcommands
from pipeline.training.anchors.commands import add_anchors
from pipeline.training.attributes.commands import add_attributes
from pipeline.training.bundling.commands import add_complete, add_options, completed
from pipeline.training.bundling.directions.commands import add_directions

if TYPE_CHECKING:
    from pipeline.training.stylegan2.config import TrainingConfig
    from pipeline.training.stylegan2.loop import Run

#: Names of ``pipeline.training.stylegan2.config.PRESETS``, which imports Keras: too slow for ``--help``.
STYLEGAN2_PRESETS = ("demo", "demo-anchored", "demo-people", "thesis-128", "thesis-256")


def add_commands(subparsers: Subcommands) -> None:
    """Register this package's commands."""
    train = subparsers.add_parser("train", help="train a network")
    commands = train.add_subparsers(metavar="NETWORK", required=True)
    add_anchors(commands)
    add_stylegan2(commands)
    encoder = commands.add_parser("encoder", help="photograph to w+, for a trained generator")
    encoder.add_argument(
        "data",
        type=Path,
        metavar="DATA",
        help="folder of pictures framed as the generator's, or what faces build wrote",
    )
    encoder.add_argument(
        "--generator", type=Path, required=True, metavar="CHECKPOINT", help="of its training"
    )
    encoder.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="checkpoints, statistics, grids"
    )
    encoder.add_argument(
        "--anchors",
        type=Path,
        metavar="FILE",
        help="w of the pictures: anchors.safetensors of the generator's run",
    )
    encoder.add_argument("--preset", default="demo", help="demo (default) or thesis-128")
    encoder.add_argument("--steps", type=int, help="steps in all, the preset's by default")
    encoder.add_argument("--latent-steps", type=int, help="first steps with the latent loss alone")
    encoder.add_argument(
        "--start-from", type=Path, metavar="CHECKPOINT", help="take the weights of another run"
    )
    encoder.add_argument("--seed", type=int, default=0)
    encoder.set_defaults(run=run_encoder)
    add_attributes(commands)
    add_directions(commands)
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
    add_complete(subparsers)


def add_stylegan2(commands: Subcommands) -> None:
    """``train stylegan2``: options that are not given are the preset's."""
    gan = commands.add_parser(
        "stylegan2", help="generator and discriminator; goes on from OUT's newest checkpoint"
    )
    gan.add_argument("data", type=Path, metavar="DATA", help="folder of pictures, or what faces build wrote")
    gan.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="checkpoints, statistics, sample grids"
    )
    gan.add_argument(
        "--preset", default=STYLEGAN2_PRESETS[0], help=f"{', '.join(STYLEGAN2_PRESETS)} (default: the first)"
    )
    gan.add_argument(
        "--grow-from", type=Path, metavar="CHECKPOINT", help="start from a run at half the resolution"
    )
    gan.add_argument(
        "--start-from",
        type=Path,
        metavar="CHECKPOINT",
        help="start from another run's weights, where they fit",
    )
    gan.add_argument(
        "--anchors-from",
        type=Path,
        metavar="RUN",
        help="start from a training from anchors, which the anchored presets need",
    )
    gan.add_argument(
        "--discriminator",
        type=Path,
        metavar="FROM",
        help="with --anchors-from: bundle or checkpoint whose discriminator to start with",
    )
    gan.add_argument("--seed", type=int, default=0)
    schedule = gan.add_argument_group("schedule (default: the preset's)")
    schedule.add_argument("--batch", type=int, help="images a step, over all devices")
    schedule.add_argument("--gamma", type=float, dest="r1_gamma", help="weight of the R1 penalty")
    schedule.add_argument(
        "--mirror", action=argparse.BooleanOptionalAction, help="also show every picture mirrored"
    )
    schedule.add_argument(
        "--augment", metavar="PARTS", help="ADA's, of blit,geometry,colour (default: all), or none"
    )
    schedule.add_argument("--precision", choices=("float32", "mixed_bfloat16", "mixed_float16"))
    machine = gan.add_argument_group("machine (results do not depend on it)")
    machine.add_argument("--devices", type=int, help="share each batch (default: all accelerators, 1 on CPU)")
    machine.add_argument("--passes", type=int, default=1, help="passes a step, if a batch does not fit")
    end = gan.add_argument_group("end and records, in images")
    end.add_argument("--images", type=int, default=25_000_000, help="end after so many (default: 25 million)")
    end.add_argument("--hours", type=float, help="end after so many hours, if that is sooner")
    end.add_argument("--grid-every", type=int, default=10_000)
    end.add_argument("--checkpoint-every", type=int, default=20_000)
    end.add_argument("--keep", type=int, default=2, help="newest checkpoints that stay (default: 2)")
    end.add_argument("--keep-every", type=int, metavar="IMAGES", help="also keep one for each so many images")
    gan.set_defaults(run=run_stylegan2)


def run_stylegan2(arguments: argparse.Namespace) -> None:
    """Train StyleGAN2 on a folder; exit status 1 if it diverges."""
    from pipeline.training.stylegan2.loop import Diverged

    for name in ("batch", "passes", "images", "grid_every", "checkpoint_every", "keep", "keep_every"):
        if getattr(arguments, name) is not None and getattr(arguments, name) < 1:
            raise BadInput(f"--{name.replace('_', '-')} must be at least 1.")
    for file in (arguments.grow_from, arguments.start_from):
        if file is not None and not file.is_file():
            raise BadInput(f"{file} is not a checkpoint.")
    try:
        run = stylegan2_run(arguments)
    except ValueError as error:
        raise BadInput(str(error)) from error
    try:
        run.train(
            images=arguments.images,
            hours=arguments.hours,
            grid_every=arguments.grid_every,
            checkpoint_every=arguments.checkpoint_every,
            keep=arguments.keep,
            keep_every=arguments.keep_every,
        )
    except Diverged as error:
        raise SystemExit(f"error: {error}") from error


def stylegan2_run(arguments: argparse.Namespace) -> "Run":
    """The run that the options describe; ValueError if it cannot be."""
    from pipeline.dataset.images import load_images
    from pipeline.networks.faceres.framed import head_embedder
    from pipeline.networks.perceptual import lite0_look
    from pipeline.training.anchors.finishing import start_game
    from pipeline.training.checkpoints import checkpoint_files
    from pipeline.training.devices import devices
    from pipeline.training.shares import Shares
    from pipeline.training.stylegan2.growing import start_grown
    from pipeline.training.stylegan2.loop import Run
    from pipeline.training.stylegan2.starting import start_from

    config = stylegan2_config(arguments)
    shares = Shares(devices(arguments.devices), arguments.passes)
    shares.size(config.batch, config.network.minibatch_std_group)
    images = load_images(arguments.data, config.network.resolution)
    if not checkpoint_files(arguments.out):
        if arguments.grow_from is not None:
            start_grown(arguments.grow_from, config, arguments.out)
        elif arguments.start_from is not None:
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
    return Run(config, images, arguments.out, shares, look=look, embed=embed)


def stylegan2_config(arguments: argparse.Namespace) -> "TrainingConfig":
    """The preset with the options' changes; ValueError for what cannot be."""
    from pipeline.training.stylegan2.config import PRESETS, preset

    if arguments.preset not in PRESETS:
        raise ValueError(f"no preset {arguments.preset!r}; there are {', '.join(PRESETS)}.")
    names = ("batch", "r1_gamma", "mirror", "precision")
    changes = {name: getattr(arguments, name) for name in names if getattr(arguments, name) is not None}
    if arguments.augment is not None:
        parts = tuple(arguments.augment.split(","))
        changes |= {"ada_target": None} if parts == ("none",) else {"augment": parts}
    return preset(arguments.preset, seed=arguments.seed, **changes)


def run_encoder(arguments: argparse.Namespace) -> None:
    """Train the encoder for a generator."""
    from safetensors.numpy import load_file

    from pipeline.dataset.images import NoImages, load_images
    from pipeline.networks.faceres.framed import head_embedder
    from pipeline.networks.perceptual import lite0_look
    from pipeline.training.encoder.config import PRESETS, preset
    from pipeline.training.encoder.loop import EncoderRun

    if arguments.preset not in PRESETS:
        raise BadInput(f"no preset {arguments.preset!r}; there are {', '.join(PRESETS)}.")
    for file in (arguments.generator, arguments.start_from, arguments.anchors):
        if file is not None and not file.is_file():
            raise BadInput(f"there is no file {file}.")
    given = {"steps": arguments.steps, "latent_steps": arguments.latent_steps}
    changes = {name: value for name, value in given.items() if value is not None}
    config = preset(arguments.preset, seed=arguments.seed, **changes)
    try:
        images = load_images(arguments.data, config.network.resolution)
        run = EncoderRun(
            config,
            arguments.generator,
            images,
            arguments.out,
            arguments.start_from,
            anchors=None if arguments.anchors is None else load_file(arguments.anchors)["w"],
            look=lite0_look(config.network.resolution) if config.perceptual_weight else None,
            embed=head_embedder() if config.identity_weight else None,
        )
    except (NoImages, ValueError) as error:
        raise BadInput(str(error)) from error
    run.train()


def run_bundle(arguments: argparse.Namespace) -> None:
    """Write a bundle and say what it is."""
    from pipeline.training.attributes.trained import load_all
    from pipeline.training.bundling.bundle import BadDescription, make_bundle, read_description

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
        attributes=load_all(arguments.attributes),
        report=lambda done: print(f"\rencoded {done}/{arguments.samples}", end="", file=sys.stderr),  # noqa: T201
    )
    sys.stderr.write("\n")
    bundle = completed(bundle, arguments, arguments.out)
    sys.stdout.write(f"{bundle.folder}: bundle {bundle.digest}\n")
