"""Faces and their pictures."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lineups import selectors
from lineups.api.base import View, valid
from lineups.api.errors import CHANGING, SEEING, answers
from lineups.api.pictures import PNG, AnyAccept, picture
from lineups.api.serializers.faces import FaceDetailSerializer, FaceSerializer, StatementSerializer
from lineups.services import statements


class OneFace(View):
    """One face."""

    @extend_schema(
        operation_id="faces_read", tags=["faces"], summary="A face and its recipe",
        responses={200: FaceDetailSerializer, **answers(*SEEING)},
    )  # fmt: skip
    def get(self, request: Request, pk: UUID) -> Response:
        """The face with all that makes it again: bundle digest, latent, noise seed."""
        return Response(FaceDetailSerializer(selectors.one(selectors.faces_for(self.person), pk)).data)


class Statements(View):
    """What an officer says of the person on a photograph."""

    @extend_schema(
        operation_id="faces_state", tags=["faces"], summary="Say what the person looks like",
        request=StatementSerializer,
        responses={200: FaceSerializer, **answers(*CHANGING, invalid="hair cannot be 'green'.")},
    )  # fmt: skip
    def post(self, request: Request, pk: UUID) -> Response:
        """Where a model could not tell or was wrong; locks to the suspect's go by it from then on."""
        face = selectors.one(selectors.faces_for(self.person).select_related("lineup", "predictor"), pk)
        asked = valid(StatementSerializer, request)
        return Response(FaceSerializer(statements.state(face, **asked, by=self.person)).data)


class FaceImage(View):
    """The picture of a face."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="faces_image", tags=["faces"], summary="Picture of a face",
        responses={**PNG, **answers(*SEEING)},
    )  # fmt: skip
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The picture at the model's resolution."""
        face = selectors.one(selectors.faces_for(self.person).defer("recipe"), pk)
        return picture(face.image, name=f"face-{pk}")
