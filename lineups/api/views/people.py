"""The person who asks, and the state of the workers."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lineups import status
from lineups.api.base import View
from lineups.api.errors import answers
from lineups.api.serializers.people import MeSerializer
from lineups.api.serializers.status import StatusSerializer


class Me(View):
    """The person who asks."""

    @extend_schema(
        operation_id="me", tags=["people"], summary="Who am I", responses={200: MeSerializer, **answers()}
    )
    def get(self, request: Request) -> Response:
        """Name, role, unit and rights of the person who is signed in."""
        return Response(MeSerializer(self.person).data)


class Status(View):
    """Readiness of the workers."""

    @extend_schema(
        operation_id="status",
        tags=["status"],
        summary="Readiness",
        responses={200: StatusSerializer, **answers()},
    )
    def get(self, request: Request) -> Response:
        """Whether faces can be generated now, and if not, why."""
        return Response(StatusSerializer(status.current()).data)
