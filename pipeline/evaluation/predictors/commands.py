"""``python -m pipeline evaluate attributes``"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Final

from pipeline.command_line import BadInput, Subcommands
from pipeline.evaluation.ending import goes_on

LAYOUTS: Final = ("heads", "celeba", "fairface")
KINDS: Final = ("celeba", "fairface")


def add_attributes(commands: Subcommands) -> None:
    """``evaluate attributes``."""
    parser = commands.add_parser(
        "attributes",
        help="how often attribute models are right, for whom, and what generated faces look like",
        description="Measures on the part of DATA that nothing was taught with. A run that was ended goes on "
        "with the generated faces.",
    )
    parser.add_argument("--bundle", type=Path, metavar="DIR", help="with generator and attribute models")
    for kind in KINDS:
        parser.add_argument(f"--{kind}", type=Path, metavar="RUN", help="model of a training, instead")
    parser.add_argument("--data", type=Path, metavar="DIR", help="labelled faces")
    parser.add_argument("--layout", choices=LAYOUTS, default=LAYOUTS[0], help="of DATA (default: heads)")
    parser.add_argument("--labels", type=Path, metavar="JSONL", help="of heads (default: DATA/labels.jsonl)")
    parser.add_argument(
        "--faces",
        type=Path,
        nargs="+",
        default=(),
        metavar="SRC",
        help="faces without labels, counted as the data (default: DATA's)",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="for JSON, page and pictures")
    parser.add_argument(
        "--data-faces",
        type=int,
        default=10_000,
        metavar="N",
        help="of DATA in its histogram (default: 10000)",
    )
    parser.add_argument(
        "--generated",
        type=int,
        default=10_000,
        metavar="N",
        help="faces made for their histogram, with a bundle (default: 10000; 0: none)",
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--truncation", type=float, default=1.0, metavar="PSI", help="of the generated faces (default: 1)"
    )
    parser.add_argument("--json", action="store_true", help="print the report instead of a summary")
    parser.set_defaults(run=run_attributes)


def run_attributes(arguments: argparse.Namespace) -> None:
    """Examine, and print how often each trait is right."""
    if arguments.data_faces < 1 or arguments.generated < 0:
        raise BadInput("--data-faces must be 1 or more, --generated 0 or more.")
    if arguments.seed < 0:
        raise BadInput("--seed must not be negative.")
    if not 0.0 <= arguments.truncation <= 2.0:
        raise BadInput(f"--truncation is a number from 0 to 2, not {arguments.truncation}.")
    if arguments.out.exists() and not arguments.out.is_dir():
        raise BadInput(f"{arguments.out} is a file; --out names a folder.")
    from pipeline.evaluation.generator_report import PAGE, REPORT
    from pipeline.evaluation.predictors.examining import Settings
    from pipeline.evaluation.predictors.running import Sources, evaluate_attributes

    sources = Sources(
        bundle=arguments.bundle,
        models={kind: path for kind in KINDS if (path := getattr(arguments, kind)) is not None},
        data=arguments.data,
        layout=arguments.layout,
        labels=arguments.labels,
        faces=tuple(arguments.faces),
    )
    settings = Settings(
        data_faces=arguments.data_faces,
        generated=arguments.generated,
        seed=arguments.seed,
        truncation=arguments.truncation,
    )
    with goes_on():
        report = evaluate_attributes(sources, settings, arguments.out)
    if arguments.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
        return
    for key, trait in report["traits"].items():
        sys.stdout.write(_line(key, trait))
    sys.stdout.write(f"{arguments.out / PAGE}  {arguments.out / REPORT}\n")


def _line(key: str, trait: dict[str, Any]) -> str:
    right = trait["accuracy"]
    near = "" if trait["near"] is None else f", within one group {trait['near']['value']:.3f}"
    return f"{key:20} {right['value']:.3f} of {right['pictures']:,}{near}\n"
