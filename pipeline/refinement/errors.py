"""What can be wrong with a refinement."""


class RefinementError(Exception):
    """A refinement that cannot be used; ``str()`` says why."""
