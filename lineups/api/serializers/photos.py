"""Photographs."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lineups import advice
from lineups.api.serializers.faces import FaceSerializer
from lineups.api.serializers.jobs import JobSerializer
from lineups.models import Photo, Slot
from lineups.sources import Source


class PhotoSerializer(serializers.ModelSerializer[Photo]):
    """A photograph; ``face`` is null until one has been found in it."""

    image = serializers.SerializerMethodField()
    face = serializers.SerializerMethodField()
    advice = serializers.SerializerMethodField()

    class Meta:
        model = Photo
        fields = ("id", "slot", "width", "height", "sha256", "image", "face", "advice", "created")
        read_only_fields = fields

    def get_image(self, photo: Photo) -> str:
        return reverse("api:photo-image", args=(photo.pk,))

    @extend_schema_field(FaceSerializer(allow_null=True))
    def get_face(self, photo: Photo) -> dict[str, Any] | None:
        face = getattr(photo, "face", None)  # the reverse of a one-to-one raises where there is none
        return FaceSerializer(face).data if face is not None else None

    def get_advice(self, photo: Photo) -> str | None:
        face = getattr(photo, "face", None)
        return advice.on_photo(face.parsed_recipe) if face is not None else None


class UploadSerializer(serializers.Serializer[Any]):
    """A file and what it is for: 1 shows the suspect, 2 is the second input of an interpolation."""

    file = serializers.FileField(max_length=None, use_url=False)
    slot = serializers.ChoiceField(choices=Slot.choices)
    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=Source.choices,
        allow_null=True,
        default=None,
        help_text="As whose faces the face is framed; null: the default source.",
    )


class AgainSerializer(serializers.Serializer[Any]):
    """For which source a photograph is to be examined once more."""

    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]


class UploadedSerializer(serializers.Serializer[Any]):
    """The photograph, and the job that looks for a face in it."""

    photo = PhotoSerializer()
    job = JobSerializer()
