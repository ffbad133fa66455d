"""Where a command tells somebody how it gets on: standard error, watched or kept in a file."""

from typing import TextIO


class Terminal:
    """Lines that stay and, where somebody watches, one that is shown in passing."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._watched = stream.isatty()

    def passing(self, text: str) -> None:
        """Show ``text`` until something else is told."""
        if self._watched:
            self._stream.write(f"\r\033[K{text}")
            self._stream.flush()

    def line(self, text: str) -> None:
        """Leave a line, in place of what was shown in passing."""
        self.passing("")
        self._stream.write(f"{text}\n")
        self._stream.flush()
