"""What ``gallery build`` and ``dataset blend`` are told, and what they say: the same, but what they write."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.command_line import BadInput

if TYPE_CHECKING:
    from pipeline.gallery.building.containers import Container
    from pipeline.gallery.building.settings import Settings

INTERRUPTED: Final = 130
MOST: Final = 16_000_000


def add_building(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "portraits", type=Path, metavar="PORTRAITS", help="folder of photographs, at any depth"
    )
    parser.add_argument("out", type=Path, metavar="OUT", help="empty, or begun by the same command before")
    parser.add_argument("--count", type=int, required=True, metavar="N", help="faces wanted")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of all draws (default: 1)")
    parser.add_argument(
        "--labels",
        type=Path,
        metavar="FILE",
        help="JSON lines that say what the photographs show (docs/gallery.md)",
    )
    parser.add_argument(
        "--wall", metavar="RRGGBB", help="colour of the wall behind everybody (default: light grey)"
    )
    parser.add_argument(
        "--garment",
        choices=("gown", "none"),
        default="gown",
        help="what everybody wears: one grey gown (default), or nothing beyond their own clothes",
    )
    parser.add_argument(
        "--identity",
        type=float,
        metavar="COSINE",
        help="no face comes as near as this to a portrait (default: 0.69; 0.70 may be one person)",
    )
    parser.add_argument(
        "--second-opinion", choices=("none", "dlib"), default="none", help="who else is asked (default: none)"
    )
    parser.add_argument("--licence", default="", metavar="TEXT", help="under what the faces may be used")
    parser.add_argument(
        "--keep-sources", action="store_true", help="do not delete the prepared portraits at the end"
    )
    parser.add_argument(
        "--workers",
        metavar="N|ADDRESS",
        help="processes (default: one a core; 0: this one), address of a Dask scheduler, or slurm:N",
    )


def built(arguments: argparse.Namespace, container: "Container") -> dict[str, Any]:
    """Build, or go on; the counts on standard output, progress on standard error. The report.

    Raises:
        BadInput: an argument is not as it should be, or the portraits do not give what is wanted.
    """
    settings = settings_of(arguments)
    from pipeline.gallery.building.building import build
    from pipeline.gallery.building.portraits import portraits
    from pipeline.workers.staff import staff
    from pipeline.workers.workers import WorkersLost

    folder, out = arguments.portraits.absolute(), arguments.out.absolute()
    if out == folder or folder in out.parents:
        raise BadInput(f"{arguments.out} lies among the portraits: faces of nobody would become sources.")
    workers = staff(arguments.workers, {})
    found = portraits(folder, arguments.labels and arguments.labels.absolute())
    try:
        report = build(found, settings, out, container, workers, keep_sources=arguments.keep_sources)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. The same command goes on from here.\n")
        raise SystemExit(INTERRUPTED) from None
    except WorkersLost as error:
        raise SystemExit(f"error: {error}") from error
    for reason, count in report["refused"].items():
        sys.stdout.write(f"{count:10,}  {reason}\n")
    sys.stdout.write(
        f"{report['faces']:,} faces of {report['tries']:,} tries, the largest identity to a portrait "
        f"{report['identity']['identity_to_any_portrait']:.3f}: {arguments.out / 'faces'}\n"
        f"Figures, with real people: {arguments.out / 'report.html'}\n"
    )
    return report


def settings_of(arguments: argparse.Namespace) -> "Settings":
    """What a gallery is to be.

    Raises:
        BadInput: an argument is not as it should be.
    """
    from dataclasses import replace

    from pipeline.gallery.building.settings import IDENTITY, Settings

    if not 1 <= arguments.count <= MOST:
        raise BadInput(f"--count is a number of faces from 1 to {MOST:,}, not {arguments.count}.")
    if arguments.seed < 0:
        raise BadInput(f"--seed is 0 or more, not {arguments.seed}.")
    settings = Settings(
        count=arguments.count,
        seed=arguments.seed,
        second_opinion=arguments.second_opinion,
        garment=arguments.garment,
        licence=arguments.licence,
    )
    if arguments.identity is not None:
        if not 0 < arguments.identity <= IDENTITY:
            raise BadInput(f"--identity is a cosine up to {IDENTITY:.2f}, not {arguments.identity}.")
        settings = replace(settings, identity=arguments.identity)
    return replace(settings, wall=colour(arguments.wall)) if arguments.wall else settings


def colour(text: str) -> tuple[int, int, int]:
    """RRGGBB as three numbers; BadInput where it is none."""
    try:
        red, green, blue = bytes.fromhex(text.removeprefix("#"))
    except ValueError:
        raise BadInput(f"--wall is a colour as RRGGBB, such as c8cbce, not {text}.") from None
    return red, green, blue
