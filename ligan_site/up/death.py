"""End with the parent, however the parent ends: even SIGKILL leaves no orphan (Linux, prctl(2))."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel to send ``by`` to this process when process ``parent`` ends; end now if it has already.

    Raises:
        OSError: the kernel refused.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, int(by), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


if __name__ == "__main__":
    # death.py PARENT SIGNAL PROGRAM [ARGUMENT ...] becomes PROGRAM; a script of the standard library alone.
    die_with_parent(int(sys.argv[1]), signal.Signals(int(sys.argv[2])))
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606 (the supervisor's own commands)
