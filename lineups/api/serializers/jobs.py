"""Jobs, and what may be asked for."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema_serializer
from rest_framework import serializers

from lineups.constraints import MOST_ADJUSTMENT, FaceConstraints
from lineups.models import Job
from lineups.news import as_news
from lineups.recipes import SEEDS
from lineups.sources import Source


class JobSerializer(serializers.ModelSerializer[Job]):
    """A job. ``sequence`` grows with every visible change: news with a lower one is stale."""

    lineup = serializers.UUIDField()
    page = serializers.UUIDField(allow_null=True, help_text="The page that it made.")
    photo = serializers.UUIDField(
        allow_null=True, help_text="The photograph that it examines; null for others."
    )
    queue_position = serializers.IntegerField(
        allow_null=True, help_text="1 is next; null when it is not waiting."
    )
    preview = serializers.CharField(
        allow_null=True,
        help_text="Picture of what a running refinement has reached; a new address with each new picture.",
    )
    seconds = serializers.IntegerField(
        allow_null=True, help_text="How long a refinement may take; null for others."
    )
    progress = serializers.FloatField(min_value=0.0, max_value=1.0)
    timings = serializers.DictField(child=serializers.FloatField(), help_text="Seconds by stage.")

    class Meta:
        model = Job
        fields = (
            "id", "lineup", "kind", "state", "sequence", "progress", "stage", "reason", "reason_code",
            "created", "started", "finished", "page", "photo", "cancel_requested", "queue_position",
            "timings", "stop_requested", "preview", "seconds",
        )  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: Job) -> dict[str, Any]:
        """As it also travels over the websocket."""
        return as_news(instance)


def source_field() -> serializers.ChoiceField:
    """Where faces are to come from."""
    return serializers.ChoiceField(
        choices=Source.choices,
        allow_null=True,
        default=None,
        help_text="Of the faces; null: that of the face to start from. A photograph is examined for one.",
    )


def locks_field() -> serializers.DictField:
    """What every face of a page is to have."""
    return serializers.DictField(
        child=serializers.CharField(max_length=64),
        default=dict,
        help_text="Value by attribute that every face must have; the status says which there are. What is "
        "not named here may have any.",
    )


@extend_schema_serializer(
    examples=[OpenApiExample("next page", value={
        "kind": "generate", "face": "3f0c7e2a-6c1b-4f0e-9a55-3a9d4c1f7b21", "similarity_page": 2,
    })]
)  # fmt: skip
class GenerateSerializer(serializers.Serializer[Any]):
    """Faces like one face."""

    kind = serializers.ChoiceField(choices=["generate"])
    face = serializers.UUIDField(help_text="A face of this lineup.")
    similarity_page = serializers.IntegerField(
        min_value=1, max_value=1000, default=1, help_text="1 is nearest; the next page sends one more."
    )
    seed = serializers.IntegerField(
        min_value=0, max_value=SEEDS - 1, required=False, help_text="The same seed gives the same faces."
    )
    source = source_field()  # type: ignore[assignment]
    locks = locks_field()
    distance = serializers.FloatField(
        min_value=0.0,
        max_value=1.0,
        allow_null=True,
        default=None,
        help_text="From the suspect, 0 (as near as fair) to 1; null: as the page says.",
    )
    adjust = serializers.DictField(
        child=serializers.FloatField(min_value=-MOST_ADJUSTMENT, max_value=MOST_ADJUSTMENT),
        default=dict,
        help_text="Like this one, but: steps by direction, such as age; the status says which there are.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Gather what is asked of the faces into one value."""
        asked = {name: attrs.pop(name) for name in ("locks", "distance", "adjust")}
        return attrs | {"constraints": FaceConstraints.from_dict(asked)}


@extend_schema_serializer(
    examples=[OpenApiExample("between two faces", value={
        "kind": "interpolate", "steps": 12,
        "faces": ["3f0c7e2a-6c1b-4f0e-9a55-3a9d4c1f7b21", "b1d7a0d2-0e0e-4a3f-8d1c-2f6f3f3f9e10"],
    })]
)  # fmt: skip
class InterpolateSerializer(serializers.Serializer[Any]):
    """The faces on the way from one face to another."""

    kind = serializers.ChoiceField(choices=["interpolate"])
    faces = serializers.ListField(child=serializers.UUIDField(), min_length=2, max_length=2)
    steps = serializers.IntegerField(min_value=3, max_value=24, default=12)
    source = source_field()  # type: ignore[assignment]

    def validate_faces(self, faces: list[UUID]) -> list[UUID]:
        if faces[0] == faces[1]:
            raise serializers.ValidationError("Choose two different faces.")
        return faces


@extend_schema_serializer(
    examples=[OpenApiExample("two photographs of one person", value={
        "kind": "refine", "seconds": 120, "same_person": True,
        "faces": ["3f0c7e2a-6c1b-4f0e-9a55-3a9d4c1f7b21", "b1d7a0d2-0e0e-4a3f-8d1c-2f6f3f3f9e10"],
    })]
)  # fmt: skip
class RefineSerializer(serializers.Serializer[Any]):
    """Models tuned to one or two photographs, and a page of faces made with them."""

    kind = serializers.ChoiceField(choices=["refine"])
    faces = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=2, help_text="Faces of photographs."
    )
    seconds = serializers.IntegerField(help_text="60 to 600 (the status says it exactly).")
    same_person = serializers.BooleanField(default=False, help_text="Both photographs show one person.")
    locks = locks_field()


class PrepareSerializer(serializers.Serializer[Any]):
    """The members' pictures as a witness will see them, and a check of how they look beside each other."""

    kind = serializers.ChoiceField(choices=["prepare"])
    even = serializers.BooleanField(
        default=True, help_text="Whether they are brought alike in sharpness, noise, light and colour."
    )
    reason = serializers.CharField(
        max_length=500, default="", allow_blank=True, help_text="Why not; needed where they are not."
    )


REQUESTS: dict[str, type[serializers.Serializer[Any]]] = {
    "generate": GenerateSerializer,
    "interpolate": InterpolateSerializer,
    "refine": RefineSerializer,
    "prepare": PrepareSerializer,
}
JobRequest = PolymorphicProxySerializer(
    component_name="JobRequest", serializers=dict(REQUESTS), resource_type_field_name="kind"
)


class KindSerializer(serializers.Serializer[Any]):
    """Which request it is, before the rest is read."""

    kind = serializers.ChoiceField(choices=list(REQUESTS))
