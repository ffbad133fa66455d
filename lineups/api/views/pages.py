"""Pages of faces."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lineups import selectors
from lineups.api.base import View
from lineups.api.errors import SEEING, answers
from lineups.api.serializers.pages import PageSerializer
from lineups.services import pages


class OnePage(View):
    """One page."""

    @extend_schema(
        operation_id="pages_read", tags=["pages"], summary="A page of faces",
        responses={200: PageSerializer, **answers(*SEEING)},
    )  # fmt: skip
    def get(self, request: Request, pk: UUID) -> Response:
        """The faces that one job made, in order."""
        page = selectors.one(selectors.pages_for(self.person), pk)
        pages.opened(page, by=self.person)
        return Response(PageSerializer(page).data)
