"""Starts everything in order, keeps it alive, ends it all."""

import http.client
import select
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Final

from ligan_site.up import programs, valkey
from ligan_site.up.child import Child, Program

GRACE: Final = 6.0  # seconds between asking a process to end and ending it
ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """The processes of one installation.

    Args:
        listener: the bound, listening socket of the web server.
        broker_socket: where Valkey shall listen; None where the broker is somebody else's.
        redis_url: the broker's address.
    """

    def __init__(self, *, listener: socket.socket, broker_socket: Path | None, redis_url: str) -> None:
        self._listener = listener
        self._broker_socket = broker_socket
        self._redis_url = redis_url
        self._children: list[Child] = []
        self._broker: Child | None = None
        self._answered = threading.Event()
        self._wakeup, self._wakeup_writer = socket.socketpair()

    def run(self) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP; leave nothing running.

        Raises:
            NoBroker: the broker did not start.
        """
        self._catch_signals()
        try:
            if self._start_broker():
                self._start(programs.web(self._listener.fileno()))
                threading.Thread(target=self._announce, daemon=True).start()
                self._watch()
        finally:
            self._end()

    def _start_broker(self) -> bool:
        """Start Valkey where it is ours, and wait until the broker answers; False when told to stop first."""
        if self._broker_socket is not None:
            program = valkey.program(self._broker_socket)
            valkey.end_stale(self._broker_socket)
            self._broker = self._start(program)
        until = time.monotonic() + 10
        while not valkey.answers(self._redis_url):
            if time.monotonic() > until:
                raise valkey.NoBroker(
                    "The message broker does not answer: look at REDIS_URL, or above for Valkey."
                )
            if self._told_to_stop(0.05):
                return False
        return True

    def _watch(self) -> None:
        """Start the workers once the site answers; start again whatever dies."""
        waiting = [*programs.workers(), programs.reaper()]
        patience = time.monotonic() + 20
        while not self._told_to_stop(0.2):
            if waiting and (self._answered.is_set() or time.monotonic() > patience):
                for program in waiting:
                    self._start(program)
                waiting = []
            for child in self._children:
                self._revive(child)

    def _revive(self, child: Child) -> None:
        if how := child.died():
            pause = max(0.0, child.start_at - time.monotonic())
            _say(f"{child.program.name} ended ({how}); it is started again in {pause:.1f} s.")
        if child.is_due():
            if child is self._broker and self._broker_socket is not None:
                valkey.end_stale(self._broker_socket)
            child.start()

    def _start(self, program: Program) -> Child:
        child = Child(program)
        child.start()
        self._children.append(child)
        return child

    def _end(self) -> None:
        """End everything: the broker last, so that the others can say goodbye to it."""
        others = [child for child in self._children if child is not self._broker]
        for group in (others, [self._broker] if self._broker else []):
            for child in group:
                child.signal(signal.SIGTERM)
            until = time.monotonic() + GRACE
            while any(child.pid and child.died() is None for child in group):
                if self._told_to_stop(0.05) or time.monotonic() > until:
                    for child in group:
                        child.signal(signal.SIGKILL)

    def _catch_signals(self) -> None:
        """Let the signals wake the loop instead of interrupting it wherever it is."""
        self._wakeup.setblocking(False)
        self._wakeup_writer.setblocking(False)
        signal.set_wakeup_fd(self._wakeup_writer.fileno(), warn_on_full_buffer=False)
        for number in (*ENDING, signal.SIGCHLD):
            # nohup asks to outlive the terminal. An ignored SIGINT only means: started by a script with `&`.
            if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _noted)

    def _told_to_stop(self, seconds: float) -> bool:
        """Wait up to ``seconds``, less when a process ends; whether a signal came that ends it all."""
        readable, _, _ = select.select([self._wakeup], [], [], seconds)
        return bool(readable) and any(number in ENDING for number in self._wakeup.recv(64))

    def _announce(self) -> None:
        """Print the address as soon as the sign-in page answers."""
        host, port = self._listener.getsockname()[:2]
        while not self._answered.is_set():
            connection = http.client.HTTPConnection(host, port, timeout=5)
            try:
                connection.request("GET", "/accounts/sign-in/")
                if connection.getresponse().status < 500:
                    self._answered.set()
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)  # it is not there yet
            finally:
                connection.close()
        shown = f"[{host}]" if ":" in host else host
        _say(f"LiGAN is at http://{shown}:{port}/ (Ctrl-C ends it).")


def _noted(_number: int, _frame: FrameType | None) -> None:
    """The wake-up socket carries the signal's number; there is nothing else to do here."""


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
