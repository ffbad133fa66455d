"""``python -m pipeline train encoder``"""

import argparse
from pathlib import Path

from pipeline.command_line import Subcommands
from pipeline.training.options import add_training, check, chosen, train

#: Names of ``pipeline.training.encoder.config.PRESETS``, which imports Keras: too slow for ``--help``.
PRESETS = ("demo", "thesis-128")


def add_encoder(commands: Subcommands) -> None:
    """Register it; options that are not given are the preset's."""
    parser = add_training(commands, "encoder", PRESETS, about="photograph to w+, for a trained generator")
    parser.add_argument("--generator", type=Path, required=True, metavar="CHECKPOINT", help="of its training")
    parser.add_argument(
        "--anchors",
        type=Path,
        metavar="FILE",
        help="w of the pictures: anchors.safetensors of the generator's run",
    )
    parser.add_argument("--steps", type=int, help="steps in all")
    parser.add_argument("--latent-steps", type=int, help="first steps with the latent loss alone")
    parser.add_argument(
        "--start-from", type=Path, metavar="CHECKPOINT", help="take the weights of another run"
    )
    parser.set_defaults(run=run_encoder)


def run_encoder(arguments: argparse.Namespace) -> None:
    """Train the encoder for a generator."""
    from safetensors.numpy import load_file

    from pipeline.dataset.images import load_images
    from pipeline.networks.faceres.framed import head_embedder
    from pipeline.networks.perceptual import lite0_look
    from pipeline.training.encoder.config import PRESETS
    from pipeline.training.encoder.run import EncoderRun

    config = chosen(PRESETS, arguments, "steps", "latent_steps")
    check(arguments, "generator", "start_from", "anchors")
    train(
        lambda: EncoderRun(
            config,
            arguments.generator,
            load_images(arguments.data, config.network.resolution),
            arguments.out,
            arguments.start_from,
            anchors=None if arguments.anchors is None else load_file(arguments.anchors)["w"],
            look=lite0_look(config.network.resolution) if config.perceptual_weight else None,
            embed=head_embedder() if config.identity_weight else None,
        )
    )
