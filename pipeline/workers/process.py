"""A process that works: one thread, and memory that is done with goes back to the system.

As many workers as cores share the machine best, and the sums come out the same: how a library divides a sum
among threads changes its last digits. With one thread everywhere, the embeddings are the same bytes whoever
computed them (on processors of one kind). Detectors and the embedder take one thread by themselves.

The C library keeps what was freed, and raises the size from which it does not up to 32 MiB: with pictures and
layers of every size, a worker grew for hours. Measured in docs/dev/performance.md.
"""

import ctypes
import os
from typing import Final

import cv2
from threadpoolctl import threadpool_limits

VARIABLES: Final = (
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
)
# Names of malloc.h (glibc).
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
KEPT: Final = 2**20  # bytes


def prepare() -> None:
    """Make this process a worker; call it before TensorFlow is loaded."""
    for name in VARIABLES:
        os.environ[name] = "1"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # lines of many workers in the middle of the progress
    cv2.setNumThreads(1)
    # Libraries that are loaded already read no variables any more. OpenBLAS' threads wait for one another in
    # loops: on a busy machine, a face's triangles took four seconds with two threads, 8 ms with one.
    threadpool_limits(1)
    give_back_freed_memory()


def give_back_freed_memory() -> None:
    """Have the C library keep at most ``KEPT`` bytes of what is freed; does nothing where it is not glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    for option, value in ((ARENA_MAX, 2), (MMAP_THRESHOLD, KEPT), (TRIM_THRESHOLD, KEPT)):
        if not mallopt(option, value):
            raise OSError(f"the C library refused to set option {option} of its allocator to {value}")
