"""A refinement: weights that were tuned to one or two photographs, kept for any worker to go on from."""

import uuid

from django.db import models

from lineups.models.files import private_storage, refinement_path
from lineups.models.job import Job
from lineups.models.lineup import Lineup


class Refinement(models.Model):
    """What one refine job reached. Faces made with it name it in their recipes by its digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lineup = models.ForeignKey(Lineup, on_delete=models.PROTECT, related_name="refinements")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="refinement")
    attempt = models.UUIDField(help_text="The attempt that made it; the name of its file begins with it.")
    photos = models.JSONField(help_text="Ids of the photographs, which may have been removed since.")
    crops = models.JSONField(help_text="SHA-256 of the faces cut out of them, in the same order.")
    same_person = models.BooleanField(help_text="Both photographs show one person.")
    file = models.FileField(storage=private_storage, upload_to=refinement_path, max_length=160)
    digest = models.CharField(max_length=64, db_index=True, help_text="SHA-256 of the file.")
    bundle = models.CharField(max_length=64, help_text="SHA-256 of the bundle.json that it changes.")
    seconds = models.FloatField(help_text="How long it was refined.")
    started_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="continued"
    )
    notes = models.JSONField(default=dict, blank=True, help_text="Method, steps, losses, as the engine says.")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created", "-id")
        constraints = (models.UniqueConstraint(fields=("lineup", "digest"), name="refinement_in_lineup"),)

    def __str__(self) -> str:
        return f"Refinement {self.digest[:8]}"
