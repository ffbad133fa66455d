"""Pages of faces."""

from typing import Any

from rest_framework import serializers

from lineups.api.serializers.faces import FaceSerializer
from lineups.models import Page
from lineups.shortfalls import sentence


class WishesSerializer(serializers.Serializer[Any]):
    """What was asked of the faces beyond being like the input."""

    locks = serializers.DictField(child=serializers.CharField(), required=False)
    distance = serializers.FloatField(required=False)
    adjust = serializers.DictField(child=serializers.FloatField(), required=False)


class PageBriefSerializer(serializers.ModelSerializer[Page]):
    """A page without its faces."""

    inputs = serializers.ListField(child=serializers.UUIDField(), help_text="Faces it was made from.")
    job = serializers.UUIDField(source="job_id")
    wishes = WishesSerializer()
    note = serializers.SerializerMethodField(
        help_text="Where fewer faces were found than asked for: how many, and why, in plain words."
    )

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
            "wishes",
            "note",
        )
        read_only_fields: tuple[str, ...] = fields

    def get_note(self, page: Page) -> str | None:
        return sentence(page.shortfall)


class PageSerializer(PageBriefSerializer):
    """A page with its faces in order."""

    faces = FaceSerializer(many=True)

    class Meta(PageBriefSerializer.Meta):
        fields = (*PageBriefSerializer.Meta.fields, "faces")
        read_only_fields = fields
