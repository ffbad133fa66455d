"""Telling somebody at a terminal how a command gets on."""

from gpu_worker.terminal import Terminal


class Progress:
    """A line for each finished stage; where somebody watches, also what is going on right now."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def began(self, stage: str) -> None:
        """Show that ``stage`` is going on."""
        self._terminal.passing(f"{stage} …")

    def reached(self, fraction: float) -> None:
        """Show how far the stage is."""
        self._terminal.passing(f"{fraction:.0%}")

    def ended(self, stage: str, seconds: float) -> None:
        """Leave a line about the finished ``stage``."""
        self._terminal.line(f"{stage:<9}{seconds:6.2f} s")

    def clear(self) -> None:
        """Take away what is only shown in passing."""
        self._terminal.passing("")
