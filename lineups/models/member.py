"""A member: a face that the officer put into the lineup."""

import uuid

from django.conf import settings
from django.db import models

from lineups.models.face import Face
from lineups.models.lineup import Lineup


class MemberRole(models.TextChoices):
    """The suspect, or a filler: somebody known to be innocent."""

    SUSPECT = "suspect", "Suspect"
    FILLER = "filler", "Filler"


class Member(models.Model):
    """One face of the lineup, in the order of adding (the shown order is drawn when it is saved)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lineup = models.ForeignKey(Lineup, on_delete=models.PROTECT, related_name="members")
    face = models.ForeignKey(Face, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=MemberRole.choices)
    position = models.PositiveIntegerField()
    reason = models.CharField(
        max_length=500, blank=True, help_text="Why it stands beside faces of another source; else empty."
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("lineup", "face"), name="face_once_in_lineup"),
            models.UniqueConstraint(fields=("lineup", "position"), name="member_position_in_lineup"),
            models.UniqueConstraint(
                fields=("lineup",), condition=models.Q(role=MemberRole.SUSPECT), name="one_suspect_in_lineup"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.position}"
