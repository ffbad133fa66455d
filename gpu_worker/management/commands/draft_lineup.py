"""``manage.py draft_lineup``: photographs in, a lineup of each out, without server, browser or database."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from gpu_worker.batch_drafting import Failed, draft_each
from gpu_worker.batch_progress import BatchProgress
from gpu_worker.drafters import Drafter, Wishes, drafter_of
from gpu_worker.lineup_files import file_for, folder_for, names_in, renamed, write
from gpu_worker.photo_files import Photographs, photographs_at, read, shown
from gpu_worker.progress import Progress
from gpu_worker.quiet import quiet_libraries
from gpu_worker.refused import Refused
from gpu_worker.stopwatch import Stopwatch
from gpu_worker.terminal import Terminal
from gpu_worker.written import Written
from lineups.capabilities import USUAL
from lineups.sources import Source

MOST_FILLERS: Final = 30
MOST_SEED: Final = 2**31 - 1
#: Where lineups go unless told otherwise. Not ``lineups``: beside ``manage.py`` that is a folder of the code.
LINEUP: Final = Path("lineup.png")
FOLDER: Final = Path("drafted")
#: Exit status of a program that was interrupted from the keyboard.
INTERRUPTED: Final = 130


class Command(BaseCommand):
    """Checks its input before it loads any model, so that bad input is answered at once."""

    help = "Draft a lineup of the person in each PHOTO and of people who do not exist, as a numbered picture."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "photos",
            metavar="PHOTO",
            type=Path,
            nargs="+",
            help="JPEG, PNG or WebP of a suspect, or a folder",
        )
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
        parser.add_argument(
            "--out",
            type=Path,
            help=f"of one photograph the lineup's file (default: {LINEUP}); of several, or of a folder, the "
            f"folder for a lineup each, named after its photograph (default: {FOLDER})",
        )
        parser.add_argument(
            "--json", action="store_true", help="print each lineup as one line of JSON on standard output"
        )

    def handle(self, **options: Any) -> None:
        if options["seed"] is None:
            options["seed"] = secrets.randbelow(MOST_SEED + 1)
        try:
            check(options)
            named = photographs_at(options["photos"])
            for sentence in named.notes:
                self.stderr.write(f"note: {sentence}")
            if named.several:
                self._draft_several(named, options)
            else:
                self._draft_one(named.paths[0], options)
        except Refused as refusal:
            self.stderr.write(f"error: {refusal}")
            raise SystemExit(refusal.status) from refusal
        except KeyboardInterrupt:
            self.stderr.write("Stopped. What is written is whole.")
            raise SystemExit(INTERRUPTED) from None

    def _draft_one(self, path: Path, options: Mapping[str, Any]) -> None:
        """Its lineup, or the refusal of it."""
        out = file_for(options["out"] or LINEUP, path)
        photo = read(path)
        second = read(options["second"]) if options["second"] else None
        with quiet_libraries(Refused) as stderr:
            progress = Progress(Terminal(stderr))
            progress.began("start")
            watch = Stopwatch(began=progress.began, ended=progress.ended)
            try:
                made = drafter_for(options)(photo, second, watch=watch, report=progress.reached)
            finally:
                progress.clear()
            write(out, made.picture)
        written = Written(path, out, made, watch.seconds)
        for sentence in written.notes():
            self.stderr.write(f"note: {sentence}")
        self._tell(written, options)

    def _draft_several(self, named: Photographs, options: Mapping[str, Any]) -> None:
        """The lineup of each, with status 1 where there is none of some."""
        if options["second"]:
            raise Refused("--second goes with one photograph: name one file, or leave it out.")
        files = names_in(folder_for(options["out"] or FOLDER, named.paths), named.paths)
        failed = 0
        with quiet_libraries(Refused) as stderr:
            terminal = Terminal(stderr)
            for sentence in renamed(files):
                terminal.line(f"note: {sentence}")
            terminal.passing("start …")
            drafter, progress = drafter_for(options), BatchProgress(terminal, len(files))
            for result in draft_each(files, drafter, progress):
                name = shown(result.photograph)
                if isinstance(result, Failed):
                    failed += 1
                    terminal.line(f"error: {name}: {result.reason}")
                    if options["json"]:
                        self._print(json.dumps(result.to_dict()))
                    continue
                for sentence in result.notes():
                    terminal.line(f"note: {name}: {sentence}")
                self._tell(result, options)
        if failed:
            raise Refused(f"Of {failed} of {len(files)} photographs there is no lineup.", status=1)

    def _tell(self, written: Written, options: Mapping[str, Any]) -> None:
        seed: int = options["seed"]
        self._print(json.dumps(written.to_dict(seed=seed)) if options["json"] else written.line(seed=seed))

    def _print(self, line: str) -> None:
        """On standard output at once, where a program may be waiting for it."""
        self.stdout.write(line)
        self.stdout.flush()


def usual() -> list[str]:
    """What fillers of each source share with the suspect, where nothing else is asked for."""
    return [f"{source}: {','.join(USUAL[Source(source)])}" for source in settings.LIGAN_SOURCES]


def names(text: str) -> list[str]:
    """Attributes from ``text``, parted by commas; of "none", none."""
    return [] if text == "none" else [name.strip() for name in text.split(",") if name.strip()]


def check(options: Mapping[str, Any]) -> None:
    """Refuse arguments that make no sense, whatever the photographs."""
    fillers, seed, uneven = options["fillers"], options["seed"], options["uneven"]
    if not 1 <= fillers <= MOST_FILLERS:
        raise Refused(f"--fillers must be 1 to {MOST_FILLERS}, not {fillers}.")
    if not 0 <= seed <= MOST_SEED:
        raise Refused(f"--seed must be 0 to {MOST_SEED}, not {seed}.")
    if uneven is not None and not uneven.strip():
        raise Refused("--uneven leaves the pictures as they are only for a reason: say why.")
    if options["second"] and options["locks"]:
        raise Refused("--locks holds fillers to one suspect: leave it out, or --second.")


def drafter_for(options: Mapping[str, Any]) -> Drafter:
    """The configured bundle or gallery, asked for what the options say."""
    wishes = Wishes(options["fillers"], options["seed"], options["locks"], options["uneven"])
    return drafter_of(
        Source(options["source"]),
        wishes,
        bundle=settings.LIGAN_BUNDLE,
        gallery=settings.LIGAN_GALLERY,
        runtime=settings.LIGAN_RUNTIME,
    )
