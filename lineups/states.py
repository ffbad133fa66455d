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
    """What a job is for."""

    EXAMINE = "examine", "Examine a photograph"
    GENERATE = "generate", "Generate similar faces"
    INTERPOLATE = "interpolate", "Interpolate between two faces"
    REFINE = "refine", "Refine the models for a photograph"
    PREPARE = "prepare", "Even out and check the members' pictures"


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
    Kind.REFINE: "refine",
    Kind.PREPARE: "interactive",
}

# Of each of these groups a lineup has one unfinished job at a time. A refinement takes minutes: meanwhile
# pages are made beside it.
ONE_AT_A_TIME: Final = (
    frozenset({Kind.GENERATE, Kind.INTERPOLATE}),
    frozenset({Kind.REFINE}),
    frozenset({Kind.PREPARE}),
)


def rivals(kind: Kind) -> frozenset[Kind]:
    """The kinds of job beside which a lineup takes none of ``kind``."""
    return next((group for group in ONE_AT_A_TIME if kind in group), frozenset())


def before(state: State) -> frozenset[State]:
    """The states from which a job may come to ``state``."""
    return frozenset(source for source, following in TRANSITIONS.items() if state in following)
