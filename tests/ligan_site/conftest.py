"""A real installation in a folder of its own, started by the real command."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60.0


def eventually(what: Callable[[], bool], patience: float = PATIENCE) -> bool:
    """Whether ``what`` comes true within ``patience`` seconds."""
    until = time.monotonic() + patience
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """One run of `manage.py up` on a data folder."""

    def __init__(self, data: Path, static: Path) -> None:
        self.data = data
        self.port = free_port()
        self.printed: list[str] = []
        self.environment = {
            **{
                name: value for name, value in os.environ.items() if name not in {"REDIS_URL", "DATABASE_URL"}
            },
            "LIGAN_DATA": str(data),
            "STATIC_ROOT": str(static),
            "DJANGO_SETTINGS_MODULE": "ligan_site.settings",
        }
        self._process: subprocess.Popen[str] | None = None

    @property
    def process(self) -> psutil.Process:
        """The supervisor."""
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def command(self, *arguments: str) -> list[str]:
        """A command line of `manage.py`."""
        return [sys.executable, str(ROOT / "manage.py"), *arguments]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self.command(*arguments),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self) -> "Site":
        """Start and wait until the address is printed."""
        self._process = subprocess.Popen(
            self.command("up", "--port", str(self.port)),
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        assert eventually(lambda: any("http://" in line for line in self.printed)), self.printed
        return self

    def end(self, number: signal.Signals) -> int:
        """Send a signal to the supervisor and wait for its exit status."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(timeout=PATIENCE)

    def find(self, pattern: str) -> psutil.Process | None:
        """The child whose command line matches."""
        for child in self.process.children():
            if re.search(pattern, " ".join(_command_line(child))):
                return child
        return None

    def whole(self) -> list[psutil.Process]:
        """Every process of the installation, once all have been started, the forked ones included."""

        def complete() -> bool:
            workers = [self.find(rf"-Q {queue}") for queue in ("interactive", "refine")]
            return bool(self.find("reap")) and all(worker and worker.children() for worker in workers)

        assert eventually(complete), self.printed
        return [self.process, *self.process.children(recursive=True)]

    def get(self, path: str) -> int:
        """Status of the answer to a request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def clear_away(self) -> None:
        """End whatever a failed test has left."""
        if self._process is None or self._process.poll() is not None:
            return
        left = [self.process, *self.process.children(recursive=True)]
        for process in left:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self._process.wait(timeout=PATIENCE)

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.printed.append(line.rstrip())


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated data folder and the collected static files, made once."""
    folder = tmp_path_factory.mktemp("ligan")
    site = Site(folder / "data", folder / "static")
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        done = site.run(*command)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def site(prepared: Path, tmp_path: Path) -> Iterator[Site]:
    """An installation that has not been started yet."""
    shutil.copytree(prepared / "data", tmp_path / "data")
    made = Site(tmp_path / "data", prepared / "static")
    yield made
    made.clear_away()
