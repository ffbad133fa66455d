"""Memory that is done with goes back to the system.

The C library keeps what was freed, and raises the size from which it does not up to 32 MiB: with layers of
every size, a worker grows for hours. Measured in docs/dev/performance.md.
"""

import ctypes
from typing import Final

# Names of malloc.h (glibc).
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
KEPT: Final = 2**20  # bytes


def give_back_freed_memory() -> None:
    """Have the C library keep at most ``KEPT`` bytes of what is freed; does nothing where it is not glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    for option, value in ((ARENA_MAX, 2), (MMAP_THRESHOLD, KEPT), (TRIM_THRESHOLD, KEPT)):
        if not mallopt(option, value):
            raise OSError(f"the C library refused to set option {option} of its allocator to {value}")
