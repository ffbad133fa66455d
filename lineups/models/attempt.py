"""An attempt: one worker's claim on one job."""

import uuid

from django.db import models

from lineups.models.job import Job
from lineups.states import Outcome


class Attempt(models.Model):
    """Which worker took a job, when, and how it went. Its id fences every write of that worker."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="attempts")
    worker = models.CharField(max_length=200)
    started = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, default=Outcome.RUNNING)

    class Meta:
        ordering = ("started", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("job",), condition=models.Q(outcome=Outcome.RUNNING), name="one_running_attempt_a_job"
            ),
        )

    def __str__(self) -> str:
        return f"Attempt {self.pk}"
