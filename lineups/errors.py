"""What can go wrong in the domain: a code for programs, an HTTP status, and one sentence for people."""

from typing import ClassVar

from django.db.models import Model


class DomainError(Exception):
    """Base of every refusal. ``str(error)`` is the sentence shown to the person."""

    code: ClassVar[str]
    status: ClassVar[int] = 409
    sentence: ClassVar[str]

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence)


class NotFound(DomainError):
    """There is no such thing, or ``denied`` exists but this person may not know about it."""

    code = "not_found"
    status = 404
    sentence = "There is nothing here under this address, or you may not see it."

    def __init__(self, denied: Model | None = None) -> None:
        super().__init__()
        self.denied = denied


class NotAllowed(DomainError):
    """The person may see ``denied`` but not do this to it."""

    code = "not_allowed"
    status = 403
    sentence = "You may look at this lineup but not change it: only the officer who made it may."

    def __init__(self, sentence: str | None = None, *, denied: Model | None = None) -> None:
        super().__init__(sentence)
        self.denied = denied


class Invalid(DomainError):
    """A field of the request does not make sense."""

    code = "invalid"
    status = 400

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class LineupLocked(DomainError):
    code = "lineup_locked"
    sentence = "This lineup has been saved and can no longer be changed. Create a new lineup to go on."


class DuplicateMember(DomainError):
    code = "duplicate_member"
    sentence = "This face is already in the lineup. Select another one."


class SuspectExists(DomainError):
    code = "suspect_exists"
    sentence = "The lineup already has a suspect. Remove that member first."


class OtherSource(DomainError):
    code = "other_source"
    sentence = (
        "Members of one lineup come from one source: one of another kind stands out. "
        "Select a face of the same source, or give a reason."
    )


class NotPreparable(DomainError):
    code = "not_preparable"
    sentence = (
        "Only lineups whose members are all of the gallery are evened out and checked. Save it as it is."
    )


class NotPrepared(DomainError):
    code = "not_prepared"
    sentence = (
        "The pictures of these members have not been checked yet. Have them evened out and checked first."
    )


class NoSuspect(DomainError):
    code = "no_suspect"
    sentence = "The lineup has no suspect. Upload the suspect's photograph, or select the suspect again."


class NoFiller(DomainError):
    code = "no_filler"
    sentence = "The lineup has no filler. Select at least one of the generated faces."


class NoWorkerReady(DomainError):
    code = "no_worker_ready"
    sentence = "No worker is ready to generate faces. Wait until one is, then try again."


class PhotoNotExamined(DomainError):
    code = "photo_not_examined"
    sentence = (
        "No face has been found in this photograph yet. Wait for the examination, or upload another one."
    )


class JobRunning(DomainError):
    code = "job_running"
    sentence = "A job of this lineup is still running. Wait until it has finished, or cancel it."


class JobFinished(DomainError):
    code = "job_finished"
    sentence = "This job has already finished and can no longer be cancelled."


class NothingToStop(DomainError):
    code = "nothing_to_stop"
    sentence = "Only a refinement that is running can be ended early. Cancel the job instead."


class NotRefinable(DomainError):
    code = "not_refinable"
    sentence = "Only faces of photographs can be refined. Choose a photograph of this lineup."


class OtherRefinement(DomainError):
    code = "other_refinement"
    sentence = "These faces were made with different refinements. Choose faces of the same one."


class DamagedRecord(DomainError):
    """A request or a recipe in the database cannot be read."""

    code = "damaged_record"
    status = 500
    sentence = "Something in the database cannot be read. Tell whoever operates LiGAN."


class StaleMessage(DomainError):
    """A worker got a message about an attempt that is not waiting any more: it must do nothing."""

    code = "stale_message"
    sentence = "This attempt has been claimed, cancelled or replaced already."


class LostLease(DomainError):
    """A worker that was thought dead wrote after its job had been given to another: nothing was written."""

    code = "lost_lease"
    sentence = "This attempt no longer holds the job."


class IllegalTransition(DomainError):
    """A program tried to move a job along an arrow that the table of states does not have."""

    code = "illegal_transition"
    status = 500
    sentence = "A job cannot go from its state to that one."
