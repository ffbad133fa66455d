"""An export: the picture that a lineup was saved as."""

import uuid

from django.conf import settings
from django.db import models

from lineups.models.files import export_path, private_storage
from lineups.models.lineup import Lineup


class Export(models.Model):
    """The saved picture, the order drawn for it, and the seed that draws that order again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lineup = models.OneToOneField(Lineup, on_delete=models.PROTECT, related_name="export")
    file = models.FileField(storage=private_storage, upload_to=export_path, max_length=120)
    sha256 = models.CharField(max_length=64)
    order = models.JSONField(help_text="Face ids of the members in the order shown.")
    suspect_position = models.PositiveIntegerField(help_text="1-based place of the suspect.")
    seed = models.BigIntegerField(help_text="Seed of the shuffle of the members sorted by position.")
    preparation = models.OneToOneField(
        "lineups.Preparation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="export",
        help_text="What its pictures are; null: the members' own.",
    )
    casework = models.BooleanField(
        default=False, help_text="All members are fit for casework; else the picture says that they are not."
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Export {self.pk}"
