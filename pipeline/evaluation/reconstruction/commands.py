"""``python -m pipeline evaluate reconstruction``"""

import argparse
import json
import sys
from pathlib import Path

from pipeline.command_line import BadInput, Subcommands, add_bundle


def add_reconstruction(commands: Subcommands) -> None:
    """``evaluate reconstruction``."""
    parser = commands.add_parser(
        "reconstruction",
        help="how near photographs are reconstructed, before and after refining",
        description="Writes NAME_input.png, NAME_encoded.png and NAME_refined.png of each photograph, "
        "report.json and a page. Identity needs an embedder of its own: pip install dlib-bin "
        "face-recognition-models.",
    )
    add_bundle(parser)
    parser.add_argument(
        "--photos", type=Path, required=True, metavar="DIR", help="photographs of one face each"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="for JSON, page and pictures")
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="time limit of each refinement (default: 60)"
    )
    parser.add_argument("--method", help="pivotal or alternating (default: a worker's)")
    parser.add_argument(
        "--faces", type=int, default=1000, metavar="N", help="random faces judged (default: 1000)"
    )
    parser.add_argument(
        "--path-samples", type=int, default=500, metavar="N", help="pairs of the path length (default: 500)"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--clock",
        choices=("wall", "cpu"),
        default="wall",
        help="what the limit counts: time, or time spent computing, where others use the machine too",
    )
    parser.add_argument("--json", action="store_true", help="print the report instead of a summary")
    parser.set_defaults(run=run_reconstruction)


def run_reconstruction(arguments: argparse.Namespace) -> None:
    """Examine, and print how near the reconstructions are."""
    if not arguments.seconds > 0:
        raise BadInput("--seconds must be positive.")
    if arguments.faces < 1 or arguments.path_samples < 1 or arguments.seed < 0:
        raise BadInput("--faces and --path-samples must be 1 or more, --seed 0 or more.")
    if arguments.out.exists() and not arguments.out.is_dir():
        raise BadInput(f"{arguments.out} is a file; --out names a folder.")
    from pipeline.evaluation.generator_report import PAGE, REPORT
    from pipeline.evaluation.reconstruction.report import summary
    from pipeline.evaluation.reconstruction.running import Settings, evaluate_reconstruction
    from pipeline.refinement import DEFAULT_METHOD, METHODS

    method = arguments.method or DEFAULT_METHOD
    if method not in METHODS:
        raise BadInput(f"there is no method {method}; there are {', '.join(METHODS)}.")
    settings = Settings(
        seconds=arguments.seconds,
        method=method,
        faces=arguments.faces,
        ways=arguments.path_samples,
        seed=arguments.seed,
        clock=arguments.clock,
    )
    report, lacking = evaluate_reconstruction(arguments.bundle, arguments.photos, settings, arguments.out)
    if lacking is not None:
        sys.stderr.write(f"{lacking}\n")
    if arguments.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
        return
    for name, value in summary(report):
        sys.stdout.write(f"{name:80} {'-' if value is None else f'{value:.4g}'}\n")
    sys.stdout.write(f"{arguments.out / PAGE}  {arguments.out / REPORT}\n")
