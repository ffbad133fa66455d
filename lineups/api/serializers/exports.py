"""The saved picture."""

from django.urls import reverse
from rest_framework import serializers

from lineups.models import Export


class ExportSerializer(serializers.ModelSerializer[Export]):
    """The picture that a lineup was saved as, and the order drawn for it."""

    image = serializers.SerializerMethodField()
    order = serializers.ListField(child=serializers.UUIDField(), help_text="Face ids in the order shown.")

    class Meta:
        model = Export
        fields = ("id", "image", "order", "suspect_position", "sha256", "created")
        read_only_fields = fields

    def get_image(self, export: Export) -> str:
        return reverse("api:export-image", args=(export.pk,))
