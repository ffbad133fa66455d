"""How a command ends that cannot do what it was asked for."""


class Refused(Exception):
    """Ends the command with one line: status 2 where the user can do something about it, else 1."""

    def __init__(self, sentence: str, *, status: int = 2) -> None:
        self.status = status
        super().__init__(sentence)


class BadPhotograph(Refused):
    """There is no lineup of this one photograph; of others there may be.

    Attributes:
        reason: the sentence without the photograph's name.
    """

    def __init__(self, name: str, reason: str, *, status: int = 2) -> None:
        self.reason = reason
        super().__init__(f"{name}: {reason}", status=status)
