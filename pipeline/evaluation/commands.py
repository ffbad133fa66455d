"""``python -m pipeline evaluate …``"""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.command_line import BadInput, Subcommands
from pipeline.evaluation.annotation import commands as annotation
from pipeline.evaluation.neighbours.commands import add_neighbours
from pipeline.evaluation.predictors.commands import add_attributes
from pipeline.evaluation.reconstruction.commands import add_reconstruction

if TYPE_CHECKING:
    from pipeline.evaluation.running import Sources
    from pipeline.evaluation.settings import Settings

QUICK_METRICS: Final = "fid,kid,pr"


def add_commands(subparsers: Subcommands) -> None:
    """Register this package's commands."""
    annotation.add_commands(subparsers)
    evaluate = subparsers.add_parser("evaluate", help="measure how good models are")
    commands = evaluate.add_subparsers(metavar="WHAT", required=True)
    generator = commands.add_parser(
        "generator", help="FID, KID, precision, recall, path length, …, with pictures"
    )
    source = generator.add_mutually_exclusive_group(required=True)
    source.add_argument("--bundle", type=Path, metavar="DIR", help="bundle with the generator")
    source.add_argument(
        "--checkpoint", type=Path, metavar="FILE", help="checkpoint of its training, or the run's folder"
    )
    _add_common(generator, samples=5000)
    generator.add_argument("--metrics", help="names divided by commas (default: all)")
    generator.add_argument(
        "--path-samples", type=int, default=500, help="pairs of each path length (default: 500)"
    )
    generator.add_argument(
        "--detected-samples", type=int, default=500, help="samples shown to the face detector (default: 500)"
    )
    generator.add_argument(
        "--labels", type=Path, help="labels of the faces (default: DATA/labels.jsonl, if any)"
    )
    generator.set_defaults(run=run_generator)
    training = commands.add_parser("training", help="FID by training images seen, for a run's checkpoints")
    training.add_argument(
        "checkpoints", type=Path, nargs="+", metavar="RUN", help="run folders, or single checkpoints"
    )
    _add_common(training, samples=2000)
    training.add_argument(
        "--metrics", default=QUICK_METRICS, help=f"of fid, kid, pr (default: {QUICK_METRICS})"
    )
    training.set_defaults(run=run_training)
    add_attributes(commands)
    add_neighbours(commands)
    add_reconstruction(commands)


def _add_common(parser: argparse.ArgumentParser, *, samples: int) -> None:
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="training faces, framed as the generator's"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="for JSON, page and pictures")
    parser.add_argument("--samples", type=int, default=samples, help=f"faces made (default: {samples})")
    parser.add_argument("--features", default="faceres", help="faceres (default), faceres-frame or inception")
    parser.add_argument(
        "--inception-weights", type=Path, metavar="FILE", help="Keras' InceptionV3 without its top"
    )
    parser.add_argument(
        "--truncation", type=float, default=1.0, metavar="PSI", help="of the samples (default: 1)"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--mirror", action="store_true", help="count the training faces' mirror images too")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="for features of training faces")
    parser.add_argument("--no-cache", action="store_true", help="keep no features")
    parser.add_argument("--json", action="store_true", help="print the report instead of a summary")


def run_generator(arguments: argparse.Namespace) -> None:
    """Examine a generator and print what came out."""
    from pipeline.evaluation.generator_report import PAGE, REPORT, summary
    from pipeline.evaluation.running import evaluate_generator
    from pipeline.evaluation.subject import from_bundle, from_checkpoint

    settings, sources = _settings(arguments), _sources(arguments)
    if arguments.bundle is not None:
        subject = from_bundle(arguments.bundle)
    else:
        subject = from_checkpoint(arguments.checkpoint)
    report = evaluate_generator(subject, sources, settings, arguments.out)
    if arguments.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
        return
    for name, value in summary(report):
        sys.stdout.write(f"{name:60} {value:.4g}\n")
    sys.stdout.write(f"{arguments.out / PAGE}  {arguments.out / REPORT}\n")


def run_training(arguments: argparse.Namespace) -> None:
    """Measure checkpoints and print the curve."""
    from pipeline.evaluation.generator_report import PAGE
    from pipeline.evaluation.running import checkpoints_in, evaluate_training
    from pipeline.evaluation.training_report import COLUMNS, CURVE

    settings = _settings(arguments)
    if beyond := sorted(set(settings.metrics) - set(QUICK_METRICS.split(","))):
        raise BadInput(f"{', '.join(beyond)} cannot be followed by checkpoints; {QUICK_METRICS} can.")
    checkpoints = checkpoints_in(arguments.checkpoints)
    curve = evaluate_training(checkpoints, _sources(arguments), settings, arguments.out)
    if arguments.json:
        sys.stdout.write((arguments.out / CURVE).read_text())
        return
    for row in curve.rows:
        values = (row.get(name) for name in COLUMNS)
        sys.stdout.write("  ".join("-" if value is None else f"{value:.6g}" for value in values) + "\n")
    sys.stdout.write(f"{arguments.out / PAGE}  {arguments.out / CURVE}\n")


def _settings(arguments: argparse.Namespace) -> "Settings":
    from pipeline.evaluation.settings import METRICS, Settings, metrics_of

    optional = ("path_samples", "detected_samples")
    return Settings(
        samples=arguments.samples,
        truncation=arguments.truncation,
        seed=arguments.seed,
        metrics=tuple(METRICS) if arguments.metrics is None else metrics_of(arguments.metrics),
        mirrored=arguments.mirror,
        **{name: getattr(arguments, name) for name in optional if hasattr(arguments, name)},
    )


def _sources(arguments: argparse.Namespace) -> "Sources":
    from pipeline.evaluation.cache import default_folder
    from pipeline.evaluation.running import Sources

    if arguments.out.exists() and not arguments.out.is_dir():
        raise BadInput(f"{arguments.out} is a file; --out names a folder.")
    return Sources(
        data=arguments.data,
        labels=getattr(arguments, "labels", None),
        features=arguments.features,
        inception_weights=arguments.inception_weights,
        cache=None if arguments.no_cache else arguments.cache or default_folder(),
    )
