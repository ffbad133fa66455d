"""``manage.py clean_media``: remove files that a killed process left without a row."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lineups.services import media


class Command(BaseCommand):
    help = "Remove files of the media storage that no row names. What was removed is in the audit trail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--hours", type=float, default=24.0, help="only files older than this (default: 24)"
        )
        parser.add_argument("--dry-run", action="store_true", help="only list them")

    def handle(self, *args: Any, hours: float, dry_run: bool, **options: Any) -> None:
        look = media.stray if dry_run else media.clean
        try:
            names = look(age=timedelta(hours=hours))
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        for name in names:
            self.stdout.write(name)
        self.stdout.write(f"{len(names)} {'found' if dry_run else 'removed'}")
