"""Pages of faces."""

from rest_framework import serializers

from lineups.api.serializers.faces import FaceSerializer
from lineups.models import Page


class PageBriefSerializer(serializers.ModelSerializer[Page]):
    """A page without its faces."""

    inputs = serializers.ListField(child=serializers.UUIDField(), help_text="Faces it was made from.")
    job = serializers.UUIDField(source="job_id")

    class Meta:
        model = Page
        fields: tuple[str, ...] = (
            "id",
            "number",
            "kind",
            "similarity_rank",
            "mean_similarity",
            "inputs",
            "job",
            "created",
        )
        read_only_fields: tuple[str, ...] = fields


class PageSerializer(PageBriefSerializer):
    """A page with its faces in order."""

    faces = FaceSerializer(many=True)

    class Meta(PageBriefSerializer.Meta):
        fields = (*PageBriefSerializer.Meta.fields, "faces")
        read_only_fields = fields
