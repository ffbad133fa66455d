"""One thread a worker: as many workers as cores share the machine best, and the sums come out the same.

How TensorFlow divides a sum among threads changes its last digits. With one thread everywhere, the embeddings
are the same bytes whoever computed them (on processors of one kind).
"""

import os
from typing import Final

VARIABLES: Final = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")


def one_thread() -> None:
    """Have libraries use one thread in this process; call it before TensorFlow is loaded."""
    import cv2

    for name in VARIABLES:
        os.environ[name] = "1"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # lines of many workers in the middle of the progress
    cv2.setNumThreads(1)
