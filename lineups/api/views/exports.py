"""Saved pictures."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from lineups import selectors
from lineups.api.base import View
from lineups.api.errors import SEEING, answers
from lineups.api.pictures import PNG, AnyAccept, picture
from lineups.services import exports


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
