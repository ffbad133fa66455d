"""Members of a lineup."""

from typing import Any

from rest_framework import serializers

from lineups.api.serializers.faces import FaceSerializer
from lineups.models import Member


class MemberSerializer(serializers.ModelSerializer[Member]):
    """One face of the lineup and its role."""

    face = FaceSerializer()

    class Meta:
        model = Member
        fields = ("id", "face", "role", "position", "reason")
        read_only_fields = fields


class SelectSerializer(serializers.Serializer[Any]):
    """Which face to put into the lineup."""

    face = serializers.UUIDField(help_text="A face of this lineup's pages or photographs.")
    reason = serializers.CharField(
        max_length=500, default="", allow_blank=True,
        help_text="Why it is to stand beside faces of another source; needed where it is.",
    )  # fmt: skip
