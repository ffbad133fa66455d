"""Noticing that nothing improves any more."""


class Plateau:
    """Compares means of a loss over windows of steps.

    Args:
        window: steps a mean is taken over.
        least: relative improvement from a window to the next below which it is over.
    """

    def __init__(self, window: int, least: float) -> None:
        self.window, self.least = window, least
        self._losses: list[float] = []
        self._best = float("inf")

    def reached(self, loss: float) -> bool:
        """Take the loss of a step; whether this window was hardly better than the best one before it."""
        self._losses.append(loss)
        if len(self._losses) < self.window:
            return False
        mean = sum(self._losses) / self.window
        self._losses = []
        over = mean > self._best * (1.0 - self.least)
        self._best = min(self._best, mean)
        return over
