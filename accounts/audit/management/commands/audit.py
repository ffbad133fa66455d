"""`manage.py audit verify`: prove the audit trail, or name the first bad row."""

from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.audit.verification import BrokenChain, Link, verify


def link(text: str) -> Link:
    """An argument written `number:hash`."""
    try:
        return Link.parse(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


class Command(BaseCommand):
    """Verify the trail; exit 0 and print its head, or exit 1 and name the first bad row."""

    help = "Verifies the audit trail. Keep the printed head elsewhere and give it back with --head."

    def add_arguments(self, parser: CommandParser) -> None:
        """`verify`, with an optional head that was kept."""
        commands = parser.add_subparsers(required=True)
        verifying = commands.add_parser("verify", help="walk the whole chain")
        verifying.add_argument(
            "--head", type=link, metavar="NUMBER:HASH", help="a head that was kept elsewhere"
        )

    def handle(self, *args: Any, head: Link | None, **options: Any) -> None:
        """Verify and print."""
        try:
            last = verify(kept=head)
        except BrokenChain as broken:
            raise CommandError(str(broken), returncode=1) from broken
        self.stdout.write(f"{last.seq} events, unbroken. Head: {last}")
