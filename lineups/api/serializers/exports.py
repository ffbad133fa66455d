"""The saved picture."""

from django.urls import reverse
from rest_framework import serializers

from lineups import fitness
from lineups.models import Export


class ExportSerializer(serializers.ModelSerializer[Export]):
    """The picture that a lineup was saved as, and the order drawn for it."""

    image = serializers.SerializerMethodField()
    document = serializers.SerializerMethodField(help_text="The record for the case file, as plain text.")
    mark = serializers.SerializerMethodField(
        help_text="What its picture and document say of what it may be used for; null: fit for casework."
    )
    order = serializers.ListField(child=serializers.UUIDField(), help_text="Face ids in the order shown.")

    class Meta:
        model = Export
        fields = ("id", "image", "document", "mark", "order", "suspect_position", "sha256", "created")
        read_only_fields = fields

    def get_image(self, export: Export) -> str:
        return reverse("api:export-image", args=(export.pk,))

    def get_document(self, export: Export) -> str:
        return reverse("api:export-document", args=(export.pk,))

    def get_mark(self, export: Export) -> str | None:
        return fitness.mark(casework=export.casework)
