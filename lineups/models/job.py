"""A job: one request to a worker. The row is the truth; the queue and the websocket only carry it."""

import uuid
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.base import ModelBase

from lineups.errors import IllegalTransition
from lineups.models.files import preview_path, private_storage
from lineups.models.lineup import Lineup
from lineups.requests import R, parse
from lineups.states import UNFINISHED, Kind, State, before


class JobQuerySet(models.QuerySet["Job"]):
    """The only way to change a job's state is :meth:`move`, which follows the table of transitions."""

    def unfinished(self) -> Self:
        """Jobs that are queued or running."""
        return self.filter(state__in=UNFINISHED)

    def move(self, to: State, **fields: Any) -> int:
        """Take those of these jobs that may go there to ``to``, all in one conditional UPDATE.

        Returns:
            How many moved. Of two programs that race for the same arrow exactly one gets 1.
        """
        fields = {"sequence": F("sequence") + 1, **fields}
        return super(JobQuerySet, self.filter(state__in=before(to))).update(state=to, **fields)

    def change(self, **fields: Any) -> int:
        """Change what people see of these jobs, but not their state."""
        return self.update(sequence=F("sequence") + 1, **fields)

    def update(self, **fields: Any) -> int:
        """Refuse to change the state past the table."""
        if "state" in fields:
            raise IllegalTransition("The state of a job is changed by move().")
        return super().update(**fields)


class Job(models.Model):
    """One request to examine, generate, interpolate or refine."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lineup = models.ForeignKey(Lineup, on_delete=models.PROTECT, related_name="jobs")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    request = models.JSONField(help_text="What was asked for (see lineups.requests).")
    state = models.CharField(max_length=16, choices=State.choices, default=State.QUEUED)
    sequence = models.PositiveIntegerField(default=1, help_text="Grows with every visible change.")
    progress = models.FloatField(default=0.0, help_text="0..1")
    stage = models.CharField(max_length=32, blank=True)
    reason = models.TextField(blank=True, help_text="Why it failed, in one sentence.")
    reason_code = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    stop_requested = models.BooleanField(
        default=False, help_text="A refinement is to end early and keep what it has reached."
    )
    preview = models.FileField(
        storage=private_storage,
        upload_to=preview_path,
        max_length=160,
        blank=True,
        help_text="What a running refinement has reached; gone when it ends.",
    )
    preview_number = models.PositiveIntegerField(default=0, help_text="Grows with each new preview.")
    attempt = models.UUIDField(
        default=uuid.uuid4, help_text="The one attempt that may claim the job or write to it."
    )
    attempts_made = models.PositiveSmallIntegerField(default=0)
    sent = models.DateTimeField(null=True, blank=True, help_text="When its message last went to the queue.")
    lease_until = models.DateTimeField(null=True, blank=True)
    timings = models.JSONField(default=dict, blank=True, help_text="Seconds by stage.")

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ("-created", "-id")
        indexes = (
            models.Index(fields=("lineup", "-created")),
            models.Index(fields=("state", "created")),
        )
        constraints = (
            models.CheckConstraint(
                name="job_progress_between_0_and_1",
                condition=models.Q(progress__gte=0.0, progress__lte=1.0),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def save(
        self,
        *,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Insert a queued job.

        Raises:
            IllegalTransition: the job is not queued, or its row exists: whoever saves a copy read earlier
                would undo what others have written since, so rows are changed by move() and change().
        """
        if not self._state.adding or self.state != State.QUEUED:
            raise IllegalTransition("A job is saved once, queued, and then changed by move() and change().")
        super().save(
            force_insert=force_insert, force_update=force_update, using=using, update_fields=update_fields
        )

    def request_as(self, record: type[R]) -> R:
        """What was asked for, as the record of its kind.

        Raises:
            DamagedRecord: the row cannot be read.
        """
        return parse(record, self.request)

    @property
    def unfinished(self) -> bool:
        """True while the job is queued or running."""
        return State(self.state) in UNFINISHED
