"""Readiness of the workers."""

from typing import Any

from rest_framework import serializers

from lineups.models import WorkerStatus


class WorkerSerializer(serializers.ModelSerializer[WorkerStatus]):
    """One worker, as it last described itself."""

    queues = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = WorkerStatus
        fields = ("name", "queues", "ready", "last_seen", "bundle", "device", "detail")


class ReadinessSerializer(serializers.Serializer[Any]):
    """Whether faces can be generated now, and if not, why."""

    ready = serializers.BooleanField()
    reason = serializers.CharField(allow_null=True)


class StatusSerializer(ReadinessSerializer):
    """Readiness and the workers that were heard of lately."""

    workers = WorkerSerializer(many=True)
