"""``python -m pipeline train …``, ``bundle`` and ``complete-bundle``."""

from pipeline.command_line import Subcommands
from pipeline.training.anchors.commands import add_anchors
from pipeline.training.attributes.commands import add_attributes
from pipeline.training.bundling.commands import add_bundle, add_complete
from pipeline.training.bundling.directions.commands import add_directions
from pipeline.training.encoder.commands import add_encoder
from pipeline.training.flaws.commands import add_flaws
from pipeline.training.reading.commands import add_reading
from pipeline.training.stylegan2.commands import add_stylegan2


def add_commands(subparsers: Subcommands) -> None:
    """Register this package's commands."""
    train = subparsers.add_parser("train", help="train a network")
    commands = train.add_subparsers(metavar="NETWORK", required=True)
    for add in (
        add_anchors,
        add_stylegan2,
        add_encoder,
        add_attributes,
        add_directions,
        add_reading,
        add_flaws,
    ):
        add(commands)
    add_bundle(subparsers)
    add_complete(subparsers)
