"""``manage.py draft_lineup``: a photograph in, a lineup out, without server, browser or database."""

import json
import secrets
import sys
from pathlib import Path
from typing import Any, Final, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from gpu_worker.drafting import Draft, Input, Unusable, draft
from gpu_worker.picking import TooFewFaces
from gpu_worker.quiet import load_tensorflow
from gpu_worker.stopwatch import Stopwatch
from lineups.photographs import PhotographError, read_photo
from pipeline.faces.detector import MTCNNDetector

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
        parser.add_argument("--seed", type=int, help="the same seed gives the same lineup (default: drawn)")
        parser.add_argument("--out", type=Path, default=Path("lineup.png"), help="default: lineup.png")
        parser.add_argument("--json", action="store_true", help="print the lineup as JSON on standard output")

    def handle(self, **options: Any) -> None:
        out: Path = options["out"]
        seed: int = secrets.randbelow(MOST_SEED + 1) if options["seed"] is None else options["seed"]
        self._check(fillers=options["fillers"], seed=seed, out=out)
        photo = self._read(options["photo"])
        second = self._read(options["second"]) if options["second"] else None
        watch = Stopwatch(began=self._began, ended=self._ended)
        with watch.stage("start"):
            load_tensorflow()
        from gpu_worker.engine import BundleError, Engine

        try:
            made = draft(
                photo,
                second,
                fillers=options["fillers"],
                seed=seed,
                detector=MTCNNDetector(),
                load=lambda: Engine.load(settings.LIGAN_BUNDLE),
                watch=watch,
                report=self._fraction,
            )
        except Unusable as error:
            self._refuse(str(error))
        except BundleError as error:
            self._fail(f"The bundle {settings.LIGAN_BUNDLE} cannot be used: {error}.")
        except TooFewFaces as error:
            self._fail(str(error))
        out.write_bytes(made.picture)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(made, seed=seed, seconds=watch.seconds)))
        else:
            self.stdout.write(f"{out}: {len(made.members)} members, seed {seed}.")

    def _check(self, *, fillers: int, seed: int, out: Path) -> None:
        if not 1 <= fillers <= MOST_FILLERS:
            self._refuse(f"--fillers must be 1 to {MOST_FILLERS}, not {fillers}.")
        if not 0 <= seed <= MOST_SEED:
            self._refuse(f"--seed must be 0 to {MOST_SEED}, not {seed}.")
        if not out.parent.is_dir() or out.is_dir():
            self._refuse(f"--out {out}: there is no folder for this file.")

    def _read(self, path: Path) -> Input:
        try:
            with path.open("rb") as stream:
                photo = read_photo(
                    stream,
                    max_bytes=settings.LIGAN_UPLOAD_MAX_BYTES,
                    max_pixels=settings.LIGAN_PHOTO_MAX_PIXELS,
                )
        except FileNotFoundError:
            self._refuse(f"{path}: There is no such file.")
        except PhotographError as error:
            self._refuse(f"{path}: {error}")
        except OSError as error:
            self._refuse(f"{path}: The file cannot be read ({error.strerror}).")
        return Input(str(path), photo.rgb)

    # Progress. A line for each finished stage; where somebody watches, also what is going on.

    def _began(self, name: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\033[K{name} …")
            sys.stderr.flush()

    def _fraction(self, fraction: float) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\033[Kgenerate {fraction:.0%}")
            sys.stderr.flush()

    def _ended(self, name: str, seconds: float) -> None:
        # Nothing before the faces are found, so that a refusal is the only line.
        if name != "start":
            self._clear()
            sys.stderr.write(f"{name:<9}{seconds:6.2f} s\n")

    def _clear(self) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r\033[K")

    def _refuse(self, sentence: str) -> NoReturn:
        self._fail(sentence, status=2)

    def _fail(self, sentence: str, *, status: int = 1) -> NoReturn:
        self._clear()
        sys.stderr.write(f"error: {sentence}\n")
        raise SystemExit(status)


def as_json(made: Draft, *, seed: int, seconds: dict[str, float]) -> dict[str, Any]:
    """The lineup as the command prints it: members in the order shown."""
    return {
        "members": [{"role": member.role, "recipe": member.recipe} for member in made.members],
        "suspect_position": made.suspect_position,
        "seed": seed,
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
    }
