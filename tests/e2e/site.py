"""A real installation: `manage.py up` on a free port with a data folder of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
STARTS_WITHIN: Final = 60.0
ENDS_WITHIN: Final = 30.0
OURS: Final = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "SECRET_KEY_FILE",
    "MEDIA_ROOT",
    "DEBUG",
    "LIGAN_HTTPS",
)


@dataclass
class Site:
    """A site that runs.

    Attributes:
        url: its address, without a slash at the end.
        passwords: the one-time passwords of the demo accounts.
        log: what its processes have written.
        process: the supervisor.
    """

    url: str
    passwords: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes]
    changed: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def with_frozen_workers(self) -> Iterator[None]:
        """Hold the workers still, so that whatever is asked for stays in the queue."""
        held = [pid for pid in _descendants(self.process.pid) if "celery" in _command(pid)]
        assert held, "no worker runs"
        for pid in held:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in held:
                os.kill(pid, signal.SIGCONT)


@contextmanager
def running_site(folder: Path, **environment: str) -> Iterator[Site]:
    """Set a site up in ``folder``, start it, and end it with all of its processes."""
    port = _free_port()
    settings = {name: value for name, value in os.environ.items() if name not in OURS}
    settings |= {
        "DJANGO_SETTINGS_MODULE": "ligan_site.settings",
        "LIGAN_DATA": str(folder / "data"),
        "STATIC_ROOT": str(folder / "static"),
        **environment,
    }
    _manage(settings, "migrate", "--verbosity", "0")
    _manage(settings, "collectstatic", "--no-input", "--verbosity", "0")
    passwords = _one_time_passwords(_manage(settings, "demo_accounts"))
    log = folder / "up.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(port)],
            cwd=ROOT, env=settings, stdin=subprocess.DEVNULL, stdout=written, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait_until_it_answers(port, process, log)
            yield Site(f"http://127.0.0.1:{port}", passwords, log, process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(ENDS_WITHIN)


def _manage(settings: Mapping[str, str], *arguments: str) -> str:
    """What a management command prints; its error fails the test with all it wrote."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"manage.py {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
    return done.stdout


def _one_time_passwords(printed: str) -> dict[str, str]:
    """The lines `name … password` of the demo accounts."""
    found = dict(re.findall(r"^\s*(officer|supervisor|admin)\b.*?(\S+)\s*$", printed, re.MULTILINE))
    assert set(found) == {"officer", "supervisor", "admin"}, printed
    return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def _wait_until_it_answers(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        assert process.poll() is None, f"manage.py up ended:\n{log.read_text()}"
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/accounts/sign-in/")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError(f"manage.py up does not answer:\n{log.read_text()}")


def _descendants(pid: int) -> list[int]:
    children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [one for child in children for one in (child, *_descendants(child))]


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
