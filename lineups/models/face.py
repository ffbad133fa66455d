"""A face: the crop of a photograph, or the picture of a person who does not exist."""

import uuid

from django.db import models

from lineups.findings import Findings
from lineups.models.files import face_path, private_storage
from lineups.models.lineup import Lineup
from lineups.models.page import Page
from lineups.models.photo import Photo
from lineups.models.predictor import Predictor
from lineups.recipes import Recipe
from lineups.sources import Source


class FaceKind(models.TextChoices):
    """Where the pixels came from."""

    PHOTO = "photo", "Cropped from a photograph"
    SYNTHETIC = "synthetic", "Generated"


class Face(models.Model):
    """One picture of a face and the recipe that makes it again (see :mod:`lineups.recipes`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lineup = models.ForeignKey(Lineup, on_delete=models.PROTECT, related_name="faces")
    page = models.ForeignKey(Page, on_delete=models.PROTECT, null=True, blank=True, related_name="faces")
    position = models.PositiveIntegerField(help_text="1-based place on its page.")
    kind = models.CharField(max_length=16, choices=FaceKind.choices)
    image = models.FileField(storage=private_storage, upload_to=face_path, max_length=120)
    source = models.CharField(
        max_length=16,
        choices=Source.choices,
        default=Source.GENERATOR,
        help_text="Who made it, or whose faces it is framed as.",
    )
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    recipe = models.JSONField()
    similarity = models.FloatField(null=True, blank=True, help_text="To the input; higher is nearer.")
    realism = models.FloatField(
        null=True, blank=True, help_text="0..1, by the discriminator; null: not judged."
    )
    photo = models.OneToOneField(Photo, on_delete=models.PROTECT, null=True, blank=True, related_name="face")
    attributes = models.JSONField(
        null=True, blank=True, help_text="Predicted: a list of name, value, confidence; null: none predicted."
    )
    stated = models.JSONField(
        default=list,
        blank=True,
        help_text="What officers said of the person: a list of name, value, by, at (see lineups.findings).",
    )
    casework = models.BooleanField(
        default=False, help_text="What made or read it says that its faces are fit for casework."
    )
    predictor = models.ForeignKey(
        Predictor, on_delete=models.PROTECT, null=True, blank=True, related_name="faces"
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("page", "position")
        constraints = (
            models.CheckConstraint(
                name="face_is_of_a_photo_or_of_a_page",
                condition=models.Q(kind=FaceKind.PHOTO, photo__isnull=False, page__isnull=True)
                | models.Q(kind=FaceKind.SYNTHETIC, photo__isnull=True, page__isnull=False),
            ),
            models.UniqueConstraint(fields=("page", "position"), name="face_position_on_page"),
            models.CheckConstraint(
                name="face_attributes_are_of_a_predictor",
                condition=models.Q(attributes__isnull=True, predictor__isnull=True)
                | models.Q(attributes__isnull=False, predictor__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"Face {self.pk}"

    @property
    def findings(self) -> Findings:
        """What is known of the person or of the face."""
        return Findings(self.attributes, self.stated)

    @property
    def parsed_recipe(self) -> Recipe:
        """What makes the face again.

        Raises:
            DamagedRecord: the row cannot be read.
        """
        return Recipe.from_dict(self.recipe)
