"""A lineup: what an officer is putting together for one case."""

import uuid

from django.conf import settings
from django.db import models

from lineups.states import LineupState


class Lineup(models.Model):
    """A suspect and fillers for one case. Immutable once saved."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="lineups")
    unit = models.ForeignKey(
        "accounts.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="lineups"
    )
    case_reference = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=16, choices=LineupState.choices, default=LineupState.DRAFT)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created", "-id")
        indexes = (
            models.Index(fields=("owner", "-created")),
            models.Index(fields=("unit", "-created")),
        )
        constraints = (
            models.CheckConstraint(
                name="lineup_saved_at_goes_with_state",
                condition=models.Q(state=LineupState.DRAFT, saved_at__isnull=True)
                | models.Q(state=LineupState.SAVED, saved_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_reference}: {self.title}"

    @property
    def locked(self) -> bool:
        """True once the lineup has been saved."""
        return self.state == LineupState.SAVED
