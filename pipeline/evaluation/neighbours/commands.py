"""``python -m pipeline evaluate neighbours``"""

import argparse
import json
import sys
from pathlib import Path

from pipeline.command_line import BadInput, Subcommands, add_bundle


def add_neighbours(commands: Subcommands) -> None:
    """``evaluate neighbours``."""
    parser = commands.add_parser(
        "neighbours", help="how like the suspect fillers are, by page, and whether they keep the rules"
    )
    add_bundle(parser)
    parser.add_argument("--photos", type=Path, required=True, metavar="DIR", help="one suspect in each")
    parser.add_argument(
        "--training-faces", type=Path, metavar="DIR", help="framed as the generator's: no filler copies one"
    )
    parser.add_argument("--pages", type=int, default=3, help="of each suspect (default: 3)")
    parser.add_argument("--count", type=int, default=12, help="faces of a page (default: 12)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="for JSON, page and pictures")
    parser.add_argument("--json", action="store_true", help="print the report instead of a summary")
    parser.set_defaults(run=run_neighbours)


def run_neighbours(arguments: argparse.Namespace) -> None:
    """Draw the pages of every suspect, and say how they are."""
    for name in ("pages", "count"):
        if getattr(arguments, name) < 1:
            raise BadInput(f"--{name} must be at least 1.")
    if arguments.seed < 0:
        raise BadInput("--seed must not be negative.")
    if not arguments.photos.is_dir():
        raise BadInput(f"{arguments.photos} is not a folder of photographs.")
    if arguments.out.exists() and not arguments.out.is_dir():
        raise BadInput(f"{arguments.out} is a file; --out names a folder.")
    from pipeline.evaluation.generator_report import PAGE, REPORT
    from pipeline.evaluation.neighbours.examining import Settings
    from pipeline.evaluation.neighbours.report import summary
    from pipeline.evaluation.neighbours.running import evaluate_neighbours

    settings = Settings(pages=arguments.pages, count=arguments.count, seed=arguments.seed)
    report = evaluate_neighbours(
        arguments.bundle,
        arguments.photos,
        arguments.out,
        settings,
        training_faces=arguments.training_faces,
        report=lambda name: print(name, file=sys.stderr),  # noqa: T201
    )
    if arguments.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
        return
    for name, value in summary(report):
        sys.stdout.write(f"{name:60} {value}\n")
    sys.stdout.write(f"{arguments.out / PAGE}  {arguments.out / REPORT}\n")
