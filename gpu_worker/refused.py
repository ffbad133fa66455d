"""How a command ends that cannot do what it was asked for."""


class Refused(Exception):
    """Ends the command with one line: status 2 where the user can do something about it, else 1."""

    def __init__(self, sentence: str, *, status: int = 2) -> None:
        self.status = status
        super().__init__(sentence)
