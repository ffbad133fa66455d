"""A draw: one page of a series around a face, each less similar than the one before."""

from django.db import models

from lineups.models.face import Face
from lineups.models.job import Job


class Draw(models.Model):
    """What a later page needs to know of a generated or refined one to go on from it.

    A page goes on with the draw before it (the same seed, the next rank) as long as both are around the same
    face, asked for with the same constraints, and measured against the same picture.
    """

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="draw")
    around = models.ForeignKey(
        Face,
        on_delete=models.SET_NULL,
        null=True,
        related_name="draws",
        help_text="Whom its faces were drawn around: of a refinement its reconstruction, once it is made.",
    )
    reference = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the picture that its faces are compared with."
    )
    seed = models.BigIntegerField()
    rank = models.PositiveIntegerField(help_text="1 is the page nearest to the input.")
    constraints = models.JSONField(default=dict, help_text="What was asked of the faces.")
    previous = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        related_name="following",
        help_text="The draw that it goes on from and stays below.",
    )
    mean_similarity = models.FloatField(
        null=True, help_text="Of the faces that were drawn, reconstructions left out; null: none yet."
    )

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"Draw {self.seed}, {self.rank}"
