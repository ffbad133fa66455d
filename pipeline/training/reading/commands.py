"""``python -m pipeline train reading``"""

import argparse
import sys
from pathlib import Path
from typing import Final

from pipeline.command_line import BadInput, Subcommands

LICENSE: Final = "MIT"


def add_reading(commands: Subcommands) -> None:
    """Register it."""
    parser = commands.add_parser(
        "reading",
        help="what a photograph shows, read from faceres' features",
        description="Learns from the rows of LABELS with the split train, measures on those with test. OUT "
        "gets probes.safetensors and probes.json, which pipeline.reading loads, and the folder signs with "
        "what was measured of the portraits: of real people, not to be given away.",
    )
    parser.add_argument("portraits", type=Path, metavar="PORTRAITS", help="folder of pictures")
    parser.add_argument("labels", type=Path, metavar="LABELS", help="JSON lines, as people.jsonl")
    parser.add_argument("out", type=Path, metavar="OUT", help="folder")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--landmarks",
        type=Path,
        metavar="NPZ",
        help="468 of each portrait (default: landmarks.npz beside LABELS, else they are found)",
    )
    parser.add_argument(
        "--data",
        default="portraits that were given",
        metavar="WORDS",
        help="what the portraits are, for the facts",
    )
    parser.set_defaults(run=run_reading)


def run_reading(arguments: argparse.Namespace) -> None:
    """Teach and say how good it is."""
    from pipeline.training.reading.run import learn_reader, read_sources

    if arguments.seed < 0:
        raise BadInput("--seed must be at least 0.")
    if arguments.out.exists() and not arguments.out.is_dir():
        raise BadInput(f"{arguments.out} is a file; OUT names a folder.")
    sources = read_sources(arguments.portraits, arguments.labels, arguments.landmarks)
    facts = {
        "license": LICENSE,
        "data": arguments.data,
        "command": f"python -m pipeline train reading PORTRAITS LABELS OUT --seed {arguments.seed}",
        "learned_from": sum(person.split == "train" for person in sources.people),
    }
    lines = learn_reader(
        sources,
        arguments.out,
        seed=arguments.seed,
        facts=facts,
        said=lambda words: sys.stderr.write(f"\r{words}"),
    )
    sys.stderr.write("\n")
    sys.stdout.write("".join(f"{line}\n" for line in lines))
