"""Readiness of the workers."""

from typing import Any

from rest_framework import serializers

from lineups import requests, status
from lineups.models import WorkerStatus
from lineups.sources import Source


class WorkerSerializer(serializers.ModelSerializer[WorkerStatus]):
    """One worker, as it last described itself."""

    queues = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = WorkerStatus
        fields = ("name", "queues", "ready", "last_seen", "bundle", "device", "detail")


class RefiningSerializer(serializers.Serializer[Any]):
    """Whether photographs can be refined now, if not, why, and for how long."""

    ready = serializers.BooleanField()
    reason = serializers.CharField(allow_null=True)
    least_seconds = serializers.SerializerMethodField()
    most_seconds = serializers.SerializerMethodField()

    def get_least_seconds(self, refining: status.Readiness) -> int:
        return requests.least_seconds()

    def get_most_seconds(self, refining: status.Readiness) -> int:
        return requests.MOST_SECONDS


class LockSerializer(serializers.Serializer[Any]):
    """An attribute that the faces of a page can be held to, and its values."""

    name = serializers.CharField(help_text="Such as sex, age_group, hair.")
    values = serializers.ListField(child=serializers.CharField())
    usual = serializers.CharField(
        allow_null=True, help_text="Asked for by the site where the officer chooses nothing; null: any value."
    )


class FitnessSerializer(serializers.Serializer[Any]):
    """What the faces of a bundle or gallery may be used for, as it says itself."""

    casework = serializers.BooleanField()
    figures = serializers.DictField(child=serializers.FloatField(), help_text="What that was measured by.")


class CapabilitiesSerializer(serializers.Serializer[Any]):
    """What may be asked of the faces of a source."""

    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]
    locks = LockSerializer(many=True)
    adjustments = serializers.ListField(
        child=serializers.CharField(), help_text="Directions of `adjust`, such as age."
    )
    fitness = FitnessSerializer()


class AbilitiesSerializer(CapabilitiesSerializer):
    """What may be asked of the faces of the default source, and of those of the others that there are."""

    others = CapabilitiesSerializer(many=True)


class ReadinessSerializer(serializers.Serializer[Any]):
    """Whether faces can be generated now, and if not, why; the same of refining; what may be asked."""

    ready = serializers.BooleanField()
    reason = serializers.CharField(allow_null=True)
    refining = RefiningSerializer()
    casework = serializers.BooleanField(
        help_text="Whether all that is in use is fit for casework; else the site marks every page."
    )
    abilities = AbilitiesSerializer(source="capabilities")


class StatusSerializer(ReadinessSerializer):
    """Readiness and the workers that were heard of lately."""

    workers = WorkerSerializer(many=True)
