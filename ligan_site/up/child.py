"""One process that the supervisor keeps alive."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ligan_site.up import death

FIRST_DELAY: Final = 0.5
LONGEST_DELAY: Final = 30.0
STEADY: Final = 20.0  # who ran so many seconds gets a fresh start


@dataclass(frozen=True)
class Program:
    """What to run.

    Attributes:
        name: for people, in messages.
        command: absolute path of the program, and its arguments.
        environment: added to the supervisor's own.
        inherits: file descriptors that it gets.
        dies_by: the signal that the kernel sends it should the supervisor vanish.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    inherits: tuple[int, ...] = ()
    dies_by: signal.Signals = signal.SIGKILL


class Child:
    """A program with its process, started again with a growing pause when it dies.

    The process leads a session of its own: Ctrl-C reaches the supervisor alone, and a signal to the group
    reaches whatever the process has started.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.start_at = 0.0  # on the monotonic clock
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._failures = 0

    @property
    def pid(self) -> int | None:
        """Of the running process."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process (from the supervisor's main thread: the kernel watches the thread that forks)."""
        launcher = (
            sys.executable,
            "-S",
            "-E",
            death.__file__,
            str(os.getpid()),
            str(int(self.program.dies_by)),
        )
        self._process = subprocess.Popen(  # noqa: S603 (the supervisor's own commands)
            (*launcher, *self.program.command),
            env={**os.environ, **self.program.environment},
            stdin=subprocess.DEVNULL,
            pass_fds=self.program.inherits,
            start_new_session=True,
        )
        self._started = time.monotonic()

    def died(self) -> str | None:
        """How the process ended, if it has ended since it was started; its whole group ends with it.

        Plans the next start: at once would be a busy loop where the cause lasts.
        """
        if self._process is None or not _has_ended(self._process.pid):
            return None
        self.signal(signal.SIGKILL)  # before the process is reaped: until then its number cannot be another's
        status = self._process.wait()
        self._process = None
        now = time.monotonic()
        self._failures = 0 if now - self._started > STEADY else self._failures + 1
        self.start_at = now + min(LONGEST_DELAY, FIRST_DELAY * 2 ** max(0, self._failures - 1))
        return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"

    def is_due(self) -> bool:
        """Whether it does not run and its pause is over."""
        return self._process is None and time.monotonic() >= self.start_at

    def signal(self, number: signal.Signals) -> None:
        """Send ``number`` to the process and all that it has started."""
        if self._process is not None:
            try:
                os.killpg(self._process.pid, number)
            except ProcessLookupError:
                pass  # it has not yet become the leader of its group, or the group has ended
            except PermissionError:
                self._process.send_signal(number)


def _has_ended(pid: int) -> bool:
    """Whether the process has ended; it is not reaped yet."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
