"""A command's own words stay readable beside those of its libraries."""

import subprocess
import sys

SCRIPT = """
import os, sys, threading
from gpu_worker.quiet import quiet_libraries

class Expected(Exception):
    pass

def noise():
    os.write(2, b"library\\n")

failure = {"none": None, "expected": Expected(), "other": RuntimeError("broken")}[sys.argv[1]]
try:
    with quiet_libraries(Expected) as stderr:
        thread = threading.Thread(target=noise)
        thread.start()
        thread.join()
        stderr.write("own\\n")
        if failure:
            raise failure
except Expected:
    pass
sys.stderr.write("after\\n")
"""


def said(failure: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, failure], capture_output=True, text=True, check=False
    )
    return done.stderr.splitlines()


def test_only_the_commands_own_words_are_shown() -> None:
    assert said("none") == ["own", "after"]


def test_nor_does_a_refusal_bring_the_libraries_words() -> None:
    assert said("expected") == ["own", "after"]


def test_after_an_accident_nothing_is_kept_back() -> None:
    lines = said("other")

    assert {"own", "library"} <= set(lines)
    assert lines[-1] == "RuntimeError: broken"
