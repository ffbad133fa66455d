"""How the pictures of a lineup look beside each other."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lineups.models import Preparation


class AspectSerializer(serializers.Serializer[Any]):
    """The suspect's picture in one aspect."""

    name = serializers.CharField(help_text="Such as sharpness, wall, expression.")
    rank = serializers.IntegerField(help_text="Of the suspect: 1 is the furthest from the others.")
    distance = serializers.FloatField(
        help_text="From the others, in units of the usual spread; from 2 on it is plain to see."
    )


class AppearanceSerializer(serializers.Serializer[Any]):
    """Whether the suspect's picture stands out. A check of appearance, of nothing else."""

    sentence = serializers.CharField(help_text="The finding in one plain sentence.")
    rank = serializers.IntegerField(help_text="Of the suspect over all aspects: 1 is the oddest.")
    size = serializers.IntegerField(help_text="Members.")
    plainly = serializers.ListField(
        child=serializers.CharField(), help_text="Aspects in which the suspect plainly is the oddest."
    )
    aspects = AspectSerializer(many=True)


class PreparationSerializer(serializers.ModelSerializer[Preparation]):
    """The pictures as a witness will see them."""

    evened = serializers.SerializerMethodField(help_text="Whether they were evened out.")
    appearance = serializers.SerializerMethodField()

    class Meta:
        model = Preparation
        fields = ("id", "evened", "reason", "appearance", "created")
        read_only_fields = fields

    def get_evened(self, preparation: Preparation) -> bool:
        return preparation.evening is not None

    @extend_schema_field(AppearanceSerializer(allow_null=True))
    def get_appearance(self, preparation: Preparation) -> dict[str, Any] | None:
        return appearance_of(preparation.appearance)


def appearance_of(check: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What the check found, of the suspect alone, the furthest aspect first; None where it said nothing."""
    if check is None:
        return None
    aspects = [
        {"name": name, "rank": one["rank"], "distance": one["distances"][check["suspect"]]}
        for name, one in check["aspects"].items()
    ]
    told = {name: check[name] for name in ("sentence", "rank", "size", "plainly")}
    return {**told, "aspects": sorted(aspects, key=lambda one: -one["distance"])}
