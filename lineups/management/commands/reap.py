"""``manage.py reap``: repair jobs whose worker died or whose message got lost."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from lineups.services.reaper import reap


class Command(BaseCommand):
    help = "Put jobs of dead workers back into the queue, and send lost messages again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every", type=float, metavar="SECONDS", help="go on, with this pause between rounds"
        )

    def handle(self, *args: Any, every: float | None = None, **options: Any) -> None:
        while True:
            reaped = reap()
            if reaped or every is None:
                self.stdout.write(
                    f"{reaped.requeued} put back, {reaped.failed} given up, {reaped.cancelled} cancelled,"
                    f" {reaped.sent_again} sent again"
                )
            if every is None:
                return
            close_old_connections()
            time.sleep(every)
