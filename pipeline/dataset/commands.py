"""``python -m pipeline faces …``"""

import argparse
import sys
import time
from pathlib import Path

from pipeline.command_line import BadInput, Subcommands
from pipeline.dataset.build.commands import add_commands as add_build_commands


def add_commands(subparsers: Subcommands) -> None:
    """Register this package's commands."""
    faces = subparsers.add_parser("faces", help="find faces and cut them out")
    commands = faces.add_subparsers(metavar="COMMAND", required=True)
    crop = commands.add_parser("crop", help="cut the head out of each picture of a folder")
    crop.add_argument("source", type=Path, metavar="SRC", help="folder of pictures")
    crop.add_argument(
        "destination", type=Path, metavar="OUT", help="folder for the PNG files; made if missing"
    )
    crop.add_argument("--size", type=int, default=64, help="side of the square in pixels (default: 64)")
    crop.add_argument(
        "--framing",
        choices=("head", "thesis"),
        default="head",
        help="head: a square tied to the face, undistorted (default); thesis: §3.1.1, clipped at the edges",
    )
    crop.add_argument("--min-face", type=int, default=32, help="least side of a face in pixels (default: 32)")
    crop.set_defaults(run=run_crop)
    add_build_commands(commands)


def run_crop(arguments: argparse.Namespace) -> None:
    """Crop a folder, with a progress line on standard error and the figures on standard output."""
    source: Path = arguments.source
    if not source.is_dir():
        raise BadInput(f"{source} is not a folder.")
    if arguments.size < 8:
        raise BadInput("--size must be at least 8 pixels.")
    from pipeline.dataset.crops import crop_folder
    from pipeline.faces.detector import MTCNNDetector

    started = time.monotonic()
    tally = None
    for tally in crop_folder(
        source,
        arguments.destination,
        MTCNNDetector(),
        size=arguments.size,
        framing=arguments.framing,
        min_face=arguments.min_face,
    ):
        if tally.seen % 50 == 0 or tally.seen == tally.total:
            speed = tally.seen / (time.monotonic() - started)
            sys.stderr.write(f"\r{tally.seen}/{tally.total}  {speed:.1f}/s")
    if tally is None:
        raise BadInput(f"{source} holds no pictures.")
    sys.stderr.write("\n")
    for name, reason in tally.refused.items():
        sys.stderr.write(f"{name}: {reason}\n")
    sys.stdout.write(f"{tally.written} heads written, {len(tally.refused)} pictures refused.\n")
