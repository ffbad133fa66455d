"""``python -m pipeline train directions …``"""

import argparse
import sys
from pathlib import Path

from pipeline.command_line import Subcommands


def add_directions(commands: Subcommands) -> None:
    """``train directions``."""
    parser = commands.add_parser(
        "directions", help="ways through w+ along which age, beard, hair or weight change"
    )
    parser.add_argument("--bundle", type=Path, required=True, metavar="DIR", help="whose w+ it is")
    parser.add_argument("--faces", type=Path, metavar="DIR", help="labelled faces, framed as the generator's")
    parser.add_argument("--labels", type=Path, metavar="JSONL", help="of them (default: FACES/labels.jsonl)")
    parser.add_argument(
        "--samples",
        type=int,
        default=0,
        metavar="N",
        help="generated faces that the bundle's attribute models annotate (default: 0)",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="directions.safetensors")
    parser.set_defaults(run=run_directions)


def run_directions(arguments: argparse.Namespace) -> None:
    """Find them, and say how well each attribute can be told."""
    from pipeline.training.bundling.directions.finding import find_directions

    file = find_directions(
        arguments.bundle,
        arguments.out,
        faces=arguments.faces,
        labels=arguments.labels,
        samples=max(arguments.samples, 0),
        report=lambda what, done: print(f"\r{what} {done}", end="", file=sys.stderr),  # noqa: T201
    )
    sys.stderr.write("\n")
    for name, one in file.notes["measured"].items():
        offered = "" if name in file.directions.vectors else " (kept as it is, not offered)"
        sys.stdout.write(f"{name:16} R² {one['r2']:.3f} of {one['faces']:,} faces{offered}\n")
    sys.stdout.write(f"{arguments.out}\n")
