"""What each worker last said about itself."""

from django.db import models


class WorkerStatus(models.Model):
    """One worker's heartbeat. A row whose ``last_seen`` is old is of a worker that is gone."""

    name = models.CharField(max_length=200, unique=True)
    queues = models.JSONField(default=list)
    bundle = models.CharField(max_length=64, blank=True, help_text="SHA-256 of its bundle.json.")
    abilities = models.JSONField(
        default=dict, blank=True, help_text="What may be asked of its bundle (see lineups.capabilities)."
    )
    device = models.CharField(max_length=200, blank=True)
    ready = models.BooleanField(default=False)
    detail = models.TextField(blank=True, help_text="Why it is not ready, in one sentence.")
    last_seen = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "worker statuses"

    def __str__(self) -> str:
        return self.name
