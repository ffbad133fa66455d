"""Telling somebody at a terminal how a command gets on."""

from typing import TextIO


class Progress:
    """A line for each finished stage; where somebody watches, also what is going on right now."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._watched = stream.isatty()

    def began(self, stage: str) -> None:
        """Show that ``stage`` is going on."""
        self._passing(f"{stage} …")

    def reached(self, fraction: float) -> None:
        """Show how far the stage is."""
        self._passing(f"{fraction:.0%}")

    def ended(self, stage: str, seconds: float) -> None:
        """Leave a line about the finished ``stage``."""
        self.clear()
        self._stream.write(f"{stage:<9}{seconds:6.2f} s\n")
        self._stream.flush()

    def clear(self) -> None:
        """Take away what is only shown in passing."""
        self._passing("")

    def _passing(self, text: str) -> None:
        if self._watched:
            self._stream.write(f"\r\033[K{text}")
            self._stream.flush()
