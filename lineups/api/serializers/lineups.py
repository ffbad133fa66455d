"""Lineups, brief and with everything in them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lineups.api.serializers.appearance import PreparationSerializer
from lineups.api.serializers.exports import ExportSerializer
from lineups.api.serializers.jobs import JobSerializer
from lineups.api.serializers.members import MemberSerializer
from lineups.api.serializers.pages import PageBriefSerializer
from lineups.api.serializers.people import PersonSerializer, UnitSerializer
from lineups.api.serializers.photos import PhotoSerializer
from lineups.models import Lineup
from lineups.selectors import can_edit, current_photos, pages_of, preparation_of, recent_jobs

MISSING = {"blank": "Fill this in.", "required": "Fill this in.", "null": "Fill this in."}


class LineupRightsSerializer(serializers.Serializer[Any]):
    """What the person who asks may do to the lineup."""

    edit = serializers.BooleanField()


class LineupSerializer(serializers.ModelSerializer[Lineup]):
    """A lineup in a list."""

    owner = PersonSerializer(read_only=True)
    unit = UnitSerializer(read_only=True, allow_null=True)
    can = serializers.SerializerMethodField()
    member_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Lineup
        fields: tuple[str, ...] = (
            "id", "case_reference", "title", "state", "owner", "unit", "created", "updated", "saved_at",
            "can", "member_count",
        )  # fmt: skip
        read_only_fields = ("id", "state", "created", "updated", "saved_at")
        extra_kwargs = {name: {"error_messages": MISSING} for name in ("case_reference", "title")}

    @extend_schema_field(LineupRightsSerializer)
    def get_can(self, lineup: Lineup) -> dict[str, bool]:
        return {"edit": can_edit(self.context["person"], lineup)}


class LineupDetailSerializer(LineupSerializer):
    """A lineup with its photographs, members, pages, jobs and saved picture."""

    photos = serializers.SerializerMethodField()
    members = serializers.SerializerMethodField()
    pages = serializers.SerializerMethodField()
    jobs = serializers.SerializerMethodField()
    preparation = serializers.SerializerMethodField(
        help_text="Of the members as they are now; null: their pictures have not been prepared."
    )
    export = serializers.SerializerMethodField()

    class Meta(LineupSerializer.Meta):
        fields = (
            *LineupSerializer.Meta.fields,
            "photos",
            "members",
            "pages",
            "jobs",
            "preparation",
            "export",
        )

    @extend_schema_field(PhotoSerializer(many=True))
    def get_photos(self, lineup: Lineup) -> Any:
        return PhotoSerializer(current_photos(lineup), many=True).data

    @extend_schema_field(MemberSerializer(many=True))
    def get_members(self, lineup: Lineup) -> Any:
        return MemberSerializer(
            lineup.members.select_related("face__predictor").order_by("position"), many=True
        ).data

    @extend_schema_field(PageBriefSerializer(many=True))
    def get_pages(self, lineup: Lineup) -> Any:
        return PageBriefSerializer(pages_of(lineup), many=True).data

    @extend_schema_field(JobSerializer(many=True))
    def get_jobs(self, lineup: Lineup) -> Any:
        return JobSerializer(recent_jobs(lineup.pk), many=True).data

    @extend_schema_field(PreparationSerializer(allow_null=True))
    def get_preparation(self, lineup: Lineup) -> Any:
        found = preparation_of(lineup)
        return None if found is None else PreparationSerializer(found).data

    @extend_schema_field(ExportSerializer(allow_null=True))
    def get_export(self, lineup: Lineup) -> Any:
        export = getattr(lineup, "export", None)  # the reverse of a one-to-one raises where there is none
        return ExportSerializer(export).data if export is not None else None
