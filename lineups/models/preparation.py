"""A preparation: the members' pictures as a witness will see them, and how they look together."""

import uuid

from django.db import models

from lineups.models.files import preparation_path, private_storage
from lineups.models.job import Job
from lineups.models.lineup import Lineup


class Preparation(models.Model):
    """Evened out or not, and checked. It counts as long as the lineup has the same members."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lineup = models.ForeignKey(Lineup, on_delete=models.PROTECT, related_name="preparations")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="preparation")
    faces = models.JSONField(help_text="Ids of the members' faces, in the order of adding.")
    file = models.FileField(
        storage=private_storage,
        upload_to=preparation_path,
        max_length=120,
        help_text="Their pictures, one below the other, in that order.",
    )
    evening = models.JSONField(
        null=True, blank=True, help_text="How the pictures were evened out; null: they were not."
    )
    reason = models.CharField(max_length=500, blank=True, help_text="Why they were not; else empty.")
    appearance = models.JSONField(
        null=True,
        blank=True,
        help_text="Whether the suspect stands out, and in what; null: too few to say.",
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created", "-id")

    def __str__(self) -> str:
        return f"Preparation {self.pk}"
