"""Saved pictures, and the record of how each came about."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from lineups import selectors
from lineups.api.base import View
from lineups.api.errors import SEEING, answers
from lineups.api.pictures import PNG, AnyAccept, picture
from lineups.exports.document import written
from lineups.services import exports

TEXT = {(200, "text/plain"): OpenApiResponse(OpenApiTypes.STR, description="The record, in UTF-8.")}


class ExportImage(View):
    """The picture that a lineup was saved as."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="exports_image", tags=["lineups"], summary="Picture of a saved lineup",
        responses={**PNG, **answers(*SEEING)},
    )  # fmt: skip
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The numbered members in the order drawn when the lineup was saved."""
        export = selectors.one(selectors.exports_for(self.person), pk)
        exports.opened(export, by=self.person)
        return picture(export.file, name=f"lineup-{export.lineup_id}")


class ExportDocument(View):
    """How a saved lineup came about, for the case file."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="exports_document", tags=["lineups"], summary="Record of a saved lineup",
        responses={**TEXT, **answers(*SEEING)},
    )  # fmt: skip
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """Members and where each came from. It names the suspect: not for a witness."""
        export = selectors.one(selectors.exports_for(self.person), pk)
        exports.opened(export, by=self.person)
        response = HttpResponse(written(export), content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="lineup-{export.lineup_id}.txt"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response
