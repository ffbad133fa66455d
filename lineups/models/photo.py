"""A photograph that an officer uploaded, as it was rebuilt from its pixels."""

import uuid

from django.conf import settings
from django.db import models

from lineups.models.files import photo_path, private_storage
from lineups.models.lineup import Lineup


class Slot(models.IntegerChoices):
    """Slot 1 is the suspect; slot 2 is the second input of an interpolation."""

    SUSPECT = 1, "Suspect"
    SECOND = 2, "Second input"


class Photo(models.Model):
    """One upload. The newest of a slot counts; earlier ones are kept until they are removed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lineup = models.ForeignKey(Lineup, on_delete=models.PROTECT, related_name="photos")
    slot = models.PositiveSmallIntegerField(choices=Slot.choices)
    file = models.FileField(storage=private_storage, upload_to=photo_path, max_length=120)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    quality = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="1 to 100, of its JPEG compression; null: it came as no JPEG.",
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("slot", "-created", "-id")
        indexes = (models.Index(fields=("lineup", "slot", "-created")),)
        constraints = (
            models.CheckConstraint(name="photo_slot_is_1_or_2", condition=models.Q(slot__in=Slot.values)),
        )

    def __str__(self) -> str:
        return f"Photograph {self.pk}"
