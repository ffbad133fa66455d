"""``python -m pipeline train flaws``"""

import argparse
import json
import sys
from pathlib import Path
from typing import Final

from pipeline.command_line import BadInput, Subcommands

FACES: Final = 1500


def add_flaws(commands: Subcommands) -> None:
    """Register it."""
    parser = commands.add_parser(
        "flaws",
        help="whether a blended face looks spoilt, from faceres' inner maps",
        description="Learns from the faces of GALLERY and from the same faces spoilt on purpose. OUT is a "
        "file that pipeline.gallery.flaws loads; how well it tells goes to standard output.",
    )
    parser.add_argument("gallery", type=Path, metavar="GALLERY", help="folder of a gallery")
    parser.add_argument("out", type=Path, metavar="OUT", help="file to be written, .npz")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--faces", type=int, default=FACES, metavar="N", help=f"at most (default: {FACES})")
    parser.set_defaults(run=run_flaws)


def run_flaws(arguments: argparse.Namespace) -> None:
    """Learn and say how good it is."""
    from tqdm import tqdm

    from pipeline.gallery import Gallery, GalleryError
    from pipeline.training.flaws.learning import FOLDS
    from pipeline.training.flaws.run import learn_flaws

    if arguments.seed < 0:
        raise BadInput("--seed must be at least 0.")
    if arguments.out.is_dir():
        raise BadInput(f"{arguments.out} is a folder; OUT names a file.")
    try:
        gallery = Gallery.open(arguments.gallery)
    except GalleryError as error:
        raise BadInput(f"{arguments.gallery} is no gallery: {error}.") from error
    givers = {gallery.hair_of(place) for place in range(len(gallery))}
    count = min(arguments.faces, len(gallery))
    if count < FOLDS or len(givers) < FOLDS:
        raise BadInput(f"At least {FOLDS} faces of the hair of {FOLDS} people are needed to learn from.")
    with tqdm(total=count, desc="faces", unit="face", file=sys.stderr) as bar:
        probe = learn_flaws(gallery, seed=arguments.seed, count=count, said=bar.update)
    probe.write(arguments.out)
    sys.stdout.write(json.dumps(dict(probe.facts), indent=2) + "\n")
