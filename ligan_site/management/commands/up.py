"""`manage.py up`: the whole installation under one command."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ligan_site.up.supervisor import Supervisor
from ligan_site.up.valkey import NoBroker


def refuse(sentence: str) -> CommandError:
    """One clear line and exit status 2."""
    return CommandError(sentence, returncode=2)


@contextmanager
def data_folder_of_our_own(folder: Path) -> Iterator[None]:
    """Hold the data folder's lock: two supervisors would end each other's broker.

    The kernel gives the lock back however this process ends.
    """
    with (folder / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise refuse(f"LiGAN is already running on {folder}.") from None
        yield


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens on ``host`` and ``port``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise refuse(
            f"Port {port} on {host} cannot be used ({reason}): choose another with --port."
        ) from None


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach ``host``."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Command(BaseCommand):
    """Start the broker, the web server, the workers and the reaper; keep them alive; end them together."""

    help = "Runs the whole site until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        """Check that it can run, then run it."""
        if not is_loopback(host) and not settings.LIGAN_HTTPS:
            raise refuse(
                f"{host} is open to others: serve it over HTTPS and set LIGAN_HTTPS (docs/operating.md)."
            )
        own_broker = not os.environ.get("REDIS_URL")
        with data_folder_of_our_own(settings.LIGAN_DATA), listening(host, port) as listener:
            supervisor = Supervisor(
                listener=listener,
                broker_socket=settings.LIGAN_DATA / "valkey" / "valkey.sock" if own_broker else None,
                redis_url=settings.REDIS_URL,
            )
            try:
                supervisor.run()
            except NoBroker as error:
                raise refuse(str(error)) from None
