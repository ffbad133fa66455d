"""Keeping TensorFlow's messages apart from a command's own."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


@contextmanager
def quiet_libraries(*expected: type[Exception]) -> Iterator[TextIO]:
    """Hold back what libraries write to standard error, C++ ones from their threads included.

    Gives a stream to the real standard error for the command's own messages. What was held back is shown only
    if the block fails with an exception that is not ``expected``.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    real = os.dup(2)
    with tempfile.TemporaryFile() as held, os.fdopen(os.dup(2), "w", encoding="utf-8") as own:
        os.dup2(held.fileno(), 2)
        try:
            yield own
        except Exception as error:
            if not isinstance(error, expected):
                sys.stderr.flush()
                held.seek(0)
                os.write(real, held.read())
            raise
        finally:
            sys.stderr.flush()
            os.dup2(real, 2)
            os.close(real)
