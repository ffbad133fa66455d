"""The words for what a lineup, a job and an attempt can be, and which job state may follow which."""

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices


class LineupState(TextChoices):
    """A saved lineup is immutable."""

    DRAFT = "draft", "Draft"
    SAVED = "saved", "Saved"


class State(TextChoices):
    """What a job is doing."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class Kind(TextChoices):
    """What a job is for. The column is open: refinement joins later."""

    EXAMINE = "examine", "Examine a photograph"
    GENERATE = "generate", "Generate similar faces"
    INTERPOLATE = "interpolate", "Interpolate between two faces"


class Outcome(TextChoices):
    """How one worker's attempt at a job went."""

    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
    LOST = "lost", "Lost"


TRANSITIONS: Final[Mapping[State, frozenset[State]]] = {
    State.QUEUED: frozenset({State.RUNNING, State.CANCELLED, State.FAILED}),
    # back to queued: the lease ran out
    State.RUNNING: frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED, State.QUEUED}),
    State.SUCCEEDED: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
}

UNFINISHED: Final = frozenset(state for state, following in TRANSITIONS.items() if following)
FINISHED: Final = frozenset(TRANSITIONS) - UNFINISHED

QUEUES: Final[Mapping[Kind, str]] = {
    Kind.EXAMINE: "interactive",
    Kind.GENERATE: "interactive",
    Kind.INTERPOLATE: "interactive",
}

# A lineup makes one page at a time: its pages are numbered in the order the officer asked for them.
PAGE_KINDS: Final = frozenset({Kind.GENERATE, Kind.INTERPOLATE})


def before(state: State) -> frozenset[State]:
    """The states from which a job may come to ``state``."""
    return frozenset(source for source, following in TRANSITIONS.items() if state in following)
