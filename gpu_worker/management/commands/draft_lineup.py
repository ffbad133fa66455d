"""``manage.py draft_lineup``: a photograph in, a lineup out, without server, browser or database."""

import json
import secrets
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from gpu_worker.drafting import Draft, Input, Unusable, draft
from gpu_worker.progress import Progress
from gpu_worker.quiet import quiet_libraries
from gpu_worker.refused import Refused
from gpu_worker.stopwatch import Stopwatch
from lineups.attributes import note
from lineups.capabilities import USUAL
from lineups.photographs import PhotographError, read_photo
from lineups.sources import Source
from pipeline.faces.detector import MTCNNDetector
from pipeline.fillers import CannotLock, TooFewFaces

MOST_FILLERS: Final = 30
MOST_SEED: Final = 2**31 - 1


class Command(BaseCommand):
    """Checks its input before it loads any model, so that bad input is answered at once."""

    help = "Draft a lineup of the person in PHOTO and of people who do not exist, as a numbered picture."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("photo", metavar="PHOTO", type=Path, help="JPEG, PNG or WebP of the suspect")
        parser.add_argument(
            "--second", metavar="PHOTO", type=Path, help="another person: the fillers lie between the two"
        )
        parser.add_argument("--fillers", type=int, default=5, help=f"1 to {MOST_FILLERS} (default: 5)")
        parser.add_argument(
            "--source",
            choices=[*settings.LIGAN_SOURCES],
            default=settings.LIGAN_SOURCES[0],
            help=f"where the fillers come from (default: {settings.LIGAN_SOURCES[0]})",
        )
        parser.add_argument(
            "--uneven",
            metavar="REASON",
            help="leave the pictures as they are, instead of evening them out with a gallery's, and say why",
        )
        parser.add_argument(
            "--locks",
            metavar="A,B",
            type=names,
            help="what every filler shares with the suspect, as far as it is known; none: nothing "
            f"(default: {'; '.join(usual())})",
        )
        parser.add_argument("--seed", type=int, help="the same seed gives the same lineup (default: drawn)")
        parser.add_argument("--out", type=Path, default=Path("lineup.png"), help="default: lineup.png")
        parser.add_argument("--json", action="store_true", help="print the lineup as JSON on standard output")

    def handle(self, **options: Any) -> None:
        out: Path = options["out"]
        seed: int = secrets.randbelow(MOST_SEED + 1) if options["seed"] is None else options["seed"]
        try:
            check(
                fillers=options["fillers"],
                seed=seed,
                out=out,
                locks=options["locks"],
                between=options["second"] is not None,
                uneven=options["uneven"],
            )
            photo = read(options["photo"])
            second = read(options["second"]) if options["second"] else None
            with quiet_libraries(Refused) as stderr:
                made, seconds = drafted(
                    photo,
                    second,
                    fillers=options["fillers"],
                    seed=seed,
                    locks=options["locks"],
                    source=Source(options["source"]),
                    uneven=options["uneven"],
                    stderr=stderr,
                )
            write(out, made.picture)
        except Refused as refusal:
            self.stderr.write(f"error: {refusal}")
            raise SystemExit(refusal.status) from refusal
        if made.advice:
            self.stderr.write(f"note: {made.advice}")
        if made.unknown:
            what = ", ".join(name.replace("_", " ") for name in made.unknown)
            self.stderr.write(f"note: Not known of the suspect, so fillers are not held to it: {what}.")
        if made.appearance:
            self.stderr.write(f"note: {made.appearance['sentence']}")
        if options["json"]:
            self.stdout.write(json.dumps(as_json(made, seed=seed, seconds=seconds)))
        else:
            held = ", ".join(f"{name} {value}" for name, value in made.locks.items())
            shared = f" Every filler: {held}." if held else ""
            marked = f"{made.mark}. " if made.mark else ""
            self.stdout.write(f"{marked}{out}: {len(made.members)} members, seed {seed}.{shared}")


def usual() -> list[str]:
    """What fillers of each source share with the suspect, where nothing else is asked for."""
    return [f"{source}: {','.join(USUAL[Source(source)])}" for source in settings.LIGAN_SOURCES]


def names(text: str) -> list[str]:
    """Attributes from ``text``, parted by commas; of "none", none."""
    return [] if text == "none" else [name.strip() for name in text.split(",") if name.strip()]


def check(
    *, fillers: int, seed: int, out: Path, locks: Sequence[str] | None, between: bool, uneven: str | None
) -> None:
    """Refuse arguments that make no sense."""
    if not 1 <= fillers <= MOST_FILLERS:
        raise Refused(f"--fillers must be 1 to {MOST_FILLERS}, not {fillers}.")
    if not 0 <= seed <= MOST_SEED:
        raise Refused(f"--seed must be 0 to {MOST_SEED}, not {seed}.")
    if not out.parent.is_dir() or out.is_dir():
        raise Refused(f"--out {out}: There is no folder for this file.")
    if uneven is not None and not uneven.strip():
        raise Refused("--uneven leaves the pictures as they are only for a reason: say why.")
    if between and locks:
        raise Refused("--locks holds fillers to one suspect: leave it out, or --second.")


def read(path: Path) -> Input:
    """Take in a photograph under the same bounds as an upload."""
    try:
        with path.open("rb") as stream:
            photo = read_photo(
                stream,
                max_bytes=settings.LIGAN_UPLOAD_MAX_BYTES,
                max_pixels=settings.LIGAN_PHOTO_MAX_PIXELS,
            )
    except FileNotFoundError as error:
        raise Refused(f"{path}: There is no such file.") from error
    except PhotographError as error:
        raise Refused(f"{path}: {error}") from error
    except OSError as error:
        raise Refused(f"{path}: The file cannot be read ({error.strerror}).") from error
    return Input(str(path), photo.rgb, photo.quality)


def drafted(
    photo: Input,
    second: Input | None,
    *,
    fillers: int,
    seed: int,
    locks: Sequence[str] | None,
    source: Source,
    uneven: str | None,
    stderr: TextIO,
) -> tuple[Draft, dict[str, float]]:
    """Draft with the configured bundle or gallery: the lineup and the seconds of each stage."""
    progress = Progress(stderr)
    progress.began("start")
    watch = Stopwatch(began=progress.began, ended=progress.ended)
    options: dict[str, Any] = {
        "fillers": fillers, "seed": seed, "watch": watch, "report": progress.reached, "locks": locks,
    }  # fmt: skip
    try:
        if source is Source.GALLERY:
            made = from_gallery(photo, second, uneven=uneven, **options)
        else:
            made = from_generator(photo, second, **options)
    except Unusable as error:
        raise Refused(str(error)) from error
    except CannotLock as error:
        raise Refused(f"--locks: {error}") from error
    except TooFewFaces as error:
        fewer = "" if second else " Hold them to less by --locks, or to nothing by --locks none."
        raise Refused(f"{error}{fewer}", status=1) from error
    finally:
        progress.clear()
    return made, watch.seconds


def from_gallery(photo: Input, second: Input | None, **options: Any) -> Draft:
    """Draft with the gallery, without TensorFlow."""
    from gpu_worker.engine.opening import GalleryError, ReadingError, open_gallery
    from gpu_worker.gallery_drafting import draft_from_gallery
    from pipeline.faces.blazeface import BlazeFaceDetector

    folder = settings.LIGAN_GALLERY
    if folder is None:
        raise Refused("--source: No folder of a gallery is named. Name one by LIGAN_GALLERY.")
    try:
        return draft_from_gallery(
            photo, second, detector=BlazeFaceDetector(), load=lambda: open_gallery(folder), **options
        )
    except (GalleryError, ReadingError) as error:
        raise Refused(f"The gallery {folder} cannot be used: {error}", status=1) from error


def from_generator(photo: Input, second: Input | None, **options: Any) -> Draft:
    """Draft with the bundle."""
    from gpu_worker.engine import BundleError, Engine

    try:
        return draft(
            photo,
            second,
            detector=MTCNNDetector(),
            load=partial(Engine.load, settings.LIGAN_BUNDLE, settings.LIGAN_RUNTIME),
            **options,
        )
    except BundleError as error:
        raise Refused(f"The bundle {settings.LIGAN_BUNDLE} cannot be used: {error}", status=1) from error


def write(out: Path, picture: bytes) -> None:
    """Write the picture."""
    try:
        out.write_bytes(picture)
    except OSError as error:
        raise Refused(f"--out {out}: The file cannot be written ({error.strerror}).", status=1) from error


def as_json(made: Draft, *, seed: int, seconds: dict[str, float]) -> dict[str, Any]:
    """The lineup as the command prints it: its mark first, then the members in the order shown."""
    return {
        "mark": made.mark,
        "source": made.source,
        "members": [
            {"role": member.role, "recipe": member.recipe, "attributes": member.attributes}
            for member in made.members
        ],
        "locks": dict(made.locks),
        "unknown": list(made.unknown),
        "evening": made.evening,
        "uneven": made.uneven,
        "appearance": made.appearance,
        "reliability": made.reliability,
        "note": None
        if made.reliability is None
        else note(made.members[0].attributes or (), made.reliability),
        "suspect_position": made.suspect_position,
        "seed": seed,
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
    }
