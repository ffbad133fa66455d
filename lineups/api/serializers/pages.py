"""Pages of faces."""

from typing import Any

from rest_framework import serializers

from lineups.api.serializers.faces import FaceSerializer
from lineups.models import Page
from lineups.shortfalls import sentence


class FaceConstraintsSerializer(serializers.Serializer[Any]):
    """What was asked of the faces beyond being like the input."""

    locks = serializers.DictField(child=serializers.CharField(), required=False)
    distance = serializers.FloatField(required=False)
    adjust = serializers.DictField(child=serializers.FloatField(), required=False)


class PageSerializer(serializers.ModelSerializer[Page]):
    """A page with its faces in order."""

    inputs = serializers.ListField(child=serializers.UUIDField(), help_text="Faces it was made from.")
    job = serializers.UUIDField(source="job_id")
    wishes = FaceConstraintsSerializer()
    note = serializers.SerializerMethodField(
        help_text="Where fewer faces were found than asked for: how many, and why, in plain words."
    )
    faces = FaceSerializer(many=True)

    class Meta:
        model = Page
        fields: tuple[str, ...] = (
            "id", "number", "kind", "similarity_rank", "mean_similarity", "inputs", "job", "created",
            "wishes", "note", "faces",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields

    def get_note(self, page: Page) -> str | None:
        return sentence(page.shortfall)


class NextPageSerializer(FaceConstraintsSerializer):
    """The request for a less similar page: jobs of the lineup take it as it is."""

    kind = serializers.CharField(help_text="generate")
    face = serializers.UUIDField()
    similarity_page = serializers.IntegerField()


class PageBriefSerializer(PageSerializer):
    """A page of a lineup, without its faces."""

    faces = None  # type: ignore[assignment]
    next = NextPageSerializer(allow_null=True, help_text="What asks for a less similar page; null: none is.")

    class Meta(PageSerializer.Meta):
        fields = (*PageSerializer.Meta.fields[:-1], "next")
        read_only_fields = fields
