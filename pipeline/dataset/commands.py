"""``python -m pipeline faces crop``, ``build``, ``report`` and ``show``; ``dataset blend``.

What reads pictures or finds faces is imported when a command runs.
"""

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pipeline.command_line import BadInput, Subcommands
from pipeline.gallery.building.options import add_building, built

INTERRUPTED: Final = 130


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
    build = commands.add_parser("build", help="make a data set of faces of photographs")
    build.add_argument(
        "sources", nargs="+", type=Path, metavar="SRC", help="folders, ZIP and TAR archives, pictures"
    )
    build.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="empty, or begun by the same command before"
    )
    build.add_argument(
        "--format", help="tfrecord (shards of 10,000 faces; default) or folder (PNG files)", metavar="FORMAT"
    )
    build.add_argument(
        "--config", type=Path, metavar="FILE", help="TOML file with other steps than the thesis'"
    )
    build.add_argument(
        "--workers",
        metavar="N|ADDRESS",
        help="processes (default: one a core; 0: this one), address of a Dask scheduler, or slurm:N",
    )
    build.set_defaults(run=run_build)
    report = commands.add_parser("report", help="say what a build kept and threw away, and write its page")
    report.add_argument("folder", type=Path, metavar="DIR", help="what --out of faces build named")
    report.set_defaults(run=run_report)
    show = commands.add_parser("show", help="show faces that a build wrote")
    show.add_argument("folder", type=Path, metavar="DIR", help="what --out of faces build named")
    show.add_argument("--count", type=int, default=60, help="faces, at random (default: 60)")
    show.add_argument("--seed", type=int, default=0, help="of the choice (default: 0)")
    show.set_defaults(run=run_show)
    dataset = subparsers.add_parser("dataset", help="training sets that are made, not found")
    made = dataset.add_subparsers(metavar="COMMAND", required=True)
    blend = made.add_parser("blend", help="make a training set of people who do not exist of photographs")
    add_building(blend)
    blend.set_defaults(run=run_blend)


def run_crop(arguments: argparse.Namespace) -> None:
    """Crop a folder, with a progress line on standard error and the figures on standard output."""
    source: Path = arguments.source
    if not source.is_dir():
        raise BadInput(f"{source} is not a folder.")
    if arguments.size < 8:
        raise BadInput("--size must be at least 8 pixels.")
    from pipeline.dataset.crops import crop_folder
    from pipeline.faces import MTCNNDetector

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


def run_build(arguments: argparse.Namespace) -> None:
    """Build, or go on; the counts on standard output, progress on standard error."""
    from pipeline.dataset.build.building import build, plan_of
    from pipeline.dataset.build.configuration import read_configuration
    from pipeline.dataset.build.job import Job
    from pipeline.dataset.build.layout import Layout
    from pipeline.dataset.sources import sources
    from pipeline.workers.staff import staff
    from pipeline.workers.workers import WorkersLost

    configuration = read_configuration(arguments.config)
    if arguments.format is not None:
        configuration = replace(configuration, format=arguments.format)
    workers = staff(arguments.workers, configuration.slurm)
    photographs = sources([path.absolute() for path in arguments.sources])
    if not len(photographs):
        raise BadInput(f"no photographs in {', '.join(map(str, arguments.sources))}.")
    layout = Layout(arguments.out.absolute())
    plan = plan_of([str(path) for path in arguments.sources], photographs, configuration)
    job = Job(photographs, configuration.steps, configuration.output, layout, configuration.chunk_size)
    try:
        report = build(job, plan, workers)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. The same command goes on from here.\n")
        raise SystemExit(INTERRUPTED) from None
    except WorkersLost as error:
        raise SystemExit(f"error: {error}") from error
    _print(report)
    sys.stdout.write(f"{report['faces']:,} faces: {arguments.out}  {arguments.out / layout.page.name}\n")


def run_report(arguments: argparse.Namespace) -> None:
    """Print the counts of a build and write its page; of an unfinished one, the counts so far."""
    from pipeline.dataset.build.layout import Layout
    from pipeline.dataset.build.report import add_up, report_of, write_page

    layout = Layout(arguments.folder)
    plan = _plan(arguments.folder)
    if layout.finished:
        report = json.loads(layout.report.read_bytes())
        write_page(layout, report)
        _print(report)
        sys.stdout.write(f"{layout.page}\n")
    else:
        whole, unreadable = add_up(layout, lambda _: None)
        report = report_of(plan, whole, unreadable, ())
        _print(report)
        seen = report["steps"][0]["images_in"]
        sys.stdout.write(f"Not finished: {seen:,} of {plan['photographs']:,} photographs looked at so far.\n")


def run_show(arguments: argparse.Namespace) -> None:
    """Write a page of faces and say where it is."""
    from pipeline.dataset.build.showing import show

    if arguments.count < 1:
        raise BadInput("--count must be at least 1.")
    _plan(arguments.folder)
    sys.stdout.write(f"{show(arguments.folder, count=arguments.count, seed=arguments.seed)}\n")


def run_blend(arguments: argparse.Namespace) -> None:
    """As ``gallery build``, but for what is written."""
    from pipeline.gallery.building.containers import TrainingSet

    built(arguments, TrainingSet())


def _plan(folder: Path) -> dict[str, Any]:
    from pipeline.dataset.build.layout import Layout

    try:
        plan: dict[str, Any] = json.loads(Layout(folder).plan.read_bytes())
    except (OSError, ValueError) as error:
        raise BadInput(f"{folder} is not a folder that faces build wrote.") from error
    return plan


def _print(report: dict[str, Any]) -> None:
    sys.stdout.write(f"{'step':28} {'images in':>10} {'images out':>10}\n")
    for step in report["steps"]:
        sys.stdout.write(f"{step['name']:28} {step['images_in']:10,} {step['images_out']:10,}\n")
