"""Seeds as the command line has them."""

import argparse
import re
from typing import Final

LARGEST_SEED: Final = 2**32 - 1
MOST_SEEDS: Final = 1_000_000


def seeds(text: str) -> range:
    """``7`` or ``0-99``, both ends included, as the command line has it."""
    match = re.fullmatch(r"([0-9]{1,10})(?:-([0-9]{1,10}))?", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number from 0 up nor a range like 0-99")
    first, last = int(match[1]), int(match[2] or match[1])
    if not first <= last <= LARGEST_SEED or last - first >= MOST_SEEDS:
        raise argparse.ArgumentTypeError(
            f"{text!r}: seeds go from 0 to {LARGEST_SEED}, upwards, {MOST_SEEDS} at most"
        )
    return range(first, last + 1)
