"""A page: the faces that one job made."""

import uuid
from typing import Any

from django.db import models

from lineups.models.job import Job
from lineups.models.lineup import Lineup


class PageKind(models.TextChoices):
    """Which scenario made the page."""

    GENERATE = "generate", "Similar faces"
    INTERPOLATE = "interpolate", "Interpolation"
    REFINE = "refine", "Refinement"


class Page(models.Model):
    """One page of results, numbered within its lineup in the order of making."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lineup = models.ForeignKey(Lineup, on_delete=models.PROTECT, related_name="pages")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=PageKind.choices)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="page")
    similarity_rank = models.PositiveIntegerField(help_text="1 is the page nearest to the input.")
    inputs = models.JSONField(help_text="Ids of the faces that it was made from.")
    mean_similarity = models.FloatField(null=True, blank=True)
    wishes = models.JSONField(
        default=dict, blank=True, help_text="What was asked of the faces: locks, distance, adjust."
    )
    shortfall = models.JSONField(
        null=True, blank=True, help_text="Where fewer faces were found than asked for: how many, and why."
    )
    created = models.DateTimeField(auto_now_add=True)

    next: dict[str, Any] | None
    """The request for a less similar page, where a selector has worked it out; None: there is none."""

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("lineup", "number"), name="page_number_in_lineup"),)

    def __str__(self) -> str:
        return f"Page {self.number}"
