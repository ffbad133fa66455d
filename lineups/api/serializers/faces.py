"""Faces and their recipes."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lineups.api.serializers.attributes import AttributesSerializer, attributes_of
from lineups.models import Face


class ArithmeticSerializer(serializers.Serializer[Any]):
    """What computed a face: another rounds otherwise."""

    runtime = serializers.CharField()
    version = serializers.CharField()
    precision = serializers.CharField()


class RecipeSummarySerializer(serializers.Serializer[Any]):
    """What a recipe says without the latent."""

    bundle = serializers.CharField(help_text="SHA-256 of the bundle.json it was made with.")
    noise_seed = serializers.IntegerField()
    refinement = serializers.CharField(allow_null=True)
    arithmetic = ArithmeticSerializer(allow_null=True, help_text="Null of a face of before that was kept.")


class FaceSerializer(serializers.ModelSerializer[Face]):
    """One face; its picture is behind ``image``."""

    page = serializers.UUIDField(source="page_id", allow_null=True)
    image = serializers.SerializerMethodField()
    recipe_summary = serializers.SerializerMethodField()
    attributes = serializers.SerializerMethodField(
        help_text="Predicted by the bundle's models; null where its bundle predicts none."
    )

    class Meta:
        model = Face
        fields: tuple[str, ...] = (
            "id", "kind", "source", "position", "page", "image", "similarity", "realism", "sha256", "width",
            "height", "recipe_summary", "attributes",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields

    def get_image(self, face: Face) -> str:
        return reverse("api:face-image", args=(face.pk,))

    @extend_schema_field(RecipeSummarySerializer)
    def get_recipe_summary(self, face: Face) -> dict[str, Any]:
        recipe = face.parsed_recipe
        told = ("bundle", "noise_seed", "refinement", "arithmetic")
        return {name: getattr(recipe, name) for name in told}

    @extend_schema_field(AttributesSerializer(allow_null=True))
    def get_attributes(self, face: Face) -> dict[str, Any] | None:
        return attributes_of(face)


class StatementSerializer(serializers.Serializer[Any]):
    """What an officer says of one attribute of the person on a photograph."""

    name = serializers.CharField(max_length=64, help_text="One of the status' locks, such as hair.")
    value = serializers.CharField(
        max_length=64, allow_null=True, help_text="One of that lock's values but same; null takes it back."
    )


class FaceDetailSerializer(FaceSerializer):
    """One face with its whole recipe: all that makes it again."""

    recipe = serializers.DictField()

    class Meta(FaceSerializer.Meta):
        fields = (*FaceSerializer.Meta.fields, "recipe")
        read_only_fields = fields
