"""Faces and their pictures."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lineups import selectors
from lineups.api.base import View
from lineups.api.errors import SEEING, answers
from lineups.api.pictures import PNG, AnyAccept, picture
from lineups.api.serializers.faces import FaceDetailSerializer


class OneFace(View):
    """One face."""

    @extend_schema(
        operation_id="faces_read", tags=["faces"], summary="A face and its recipe",
        responses={200: FaceDetailSerializer, **answers(*SEEING)},
    )  # fmt: skip
    def get(self, request: Request, pk: UUID) -> Response:
        """The face with all that makes it again: bundle digest, latent, noise seed."""
        return Response(FaceDetailSerializer(selectors.one(selectors.faces_for(self.person), pk)).data)


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
