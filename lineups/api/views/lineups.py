"""Lineups: list, create, read, change, save."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from lineups import errors, selectors
from lineups.api.base import View, valid
from lineups.api.errors import CHANGING, SEEING, answers
from lineups.api.serializers.exports import ExportSerializer
from lineups.api.serializers.lineups import LineupDetailSerializer, LineupSerializer
from lineups.api.throttles import SaveThrottle
from lineups.models import Lineup
from lineups.services import exports, lineups

SEARCH = OpenApiParameter("search", str, description="Text in the case reference or the title.")
NEW = OpenApiExample(
    "burglary",
    value={"case_reference": "KRPA-1234/2026", "title": "Burglary in Long Street"},
    request_only=True,
)


class Pages(PageNumberPagination):
    """Twenty at a time, or as many as asked for up to a hundred."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100


class Lineups(View, ListAPIView[Lineup]):
    """All lineups that the person may see."""

    serializer_class = LineupSerializer
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Lineup]:
        return selectors.lineups_for(self.person, search=self.request.query_params.get("search", "")[:200])

    @extend_schema(
        operation_id="lineups_list", tags=["lineups"], summary="List lineups", parameters=[SEARCH],
        responses={200: LineupSerializer(many=True), **answers(errors.NotFound)},
    )  # fmt: skip
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first: an officer's own, or those of a supervisor's unit."""
        return self.list(request, *args, **kwargs)

    @extend_schema(
        operation_id="lineups_create", tags=["lineups"], summary="Create a lineup", request=LineupSerializer,
        responses={
            201: LineupSerializer,
            **answers(errors.NotAllowed, invalid="Give a case reference and a title."),
        },
        examples=[NEW],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """A new, empty lineup of this officer."""
        lineup = lineups.create(**valid(LineupSerializer, request), by=self.person)
        return Response(self._shown(lineup), status=201)

    def _shown(self, lineup: Lineup) -> Any:
        found = selectors.one(selectors.lineups_for(self.person), lineup.pk)
        return LineupSerializer(found, context=self.get_serializer_context()).data


class OneLineup(View):
    """One lineup with everything in it."""

    @extend_schema(
        operation_id="lineups_read", tags=["lineups"], summary="Open a lineup",
        responses={200: LineupDetailSerializer, **answers(*SEEING)},
    )  # fmt: skip
    def get(self, request: Request, pk: UUID) -> Response:
        """Photographs, members, pages, unfinished and recent jobs, and the saved picture."""
        lineup = selectors.one(selectors.lineups_for(self.person), pk)
        lineups.opened(lineup, by=self.person)
        return Response(self._shown(lineup))

    @extend_schema(
        operation_id="lineups_change", tags=["lineups"], summary="Correct the case reference or title",
        request=LineupSerializer,
        responses={200: LineupDetailSerializer, **answers(*CHANGING, invalid="Give a title.")},
    )  # fmt: skip
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change what was typed; nothing else of a lineup is changed this way."""
        lineup = selectors.one(selectors.lineups_for(self.person), pk)
        asked = valid(LineupSerializer, request, instance=lineup, partial=True)
        lineups.change(lineup, **asked, by=self.person)
        return Response(self._shown(selectors.one(selectors.lineups_for(self.person), pk)))

    def _shown(self, lineup: Lineup) -> Any:
        return LineupDetailSerializer(lineup, context=self.get_serializer_context()).data


class Save(View):
    """Saving a lineup."""

    throttle_classes = (SaveThrottle,)

    @extend_schema(
        operation_id="lineups_save", tags=["lineups"], summary="Save a lineup", request=None,
        responses={
            201: ExportSerializer,
            **answers(
                *CHANGING, errors.NoSuspect, errors.NoFiller, errors.OtherSource, errors.JobRunning,
                errors.NotPrepared,
                throttled="Wait a moment.",
            ),
        },
    )  # fmt: skip
    def post(self, request: Request, pk: UUID) -> Response:
        """Draw the order, compose the picture and lock the lineup."""
        lineup = selectors.one(selectors.lineups_for(self.person), pk)
        return Response(ExportSerializer(exports.save(lineup, by=self.person)).data, status=201)
