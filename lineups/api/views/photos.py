"""Photographs: upload, picture, removal."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from lineups import selectors
from lineups.api.base import View, valid
from lineups.api.errors import CHANGING, SEEING, answers
from lineups.api.pictures import PNG, AnyAccept, picture
from lineups.api.serializers.photos import AgainSerializer, UploadedSerializer, UploadSerializer
from lineups.api.throttles import UploadThrottle
from lineups.models import Slot
from lineups.photographs import UploadTooLarge
from lineups.services import photos
from lineups.sources import Source

# What a multipart body has beside the file: boundaries, headers, the slot.
ENVELOPE = 64 * 1024

REFUSALS = {
    "not_an_image": "The file is not a picture that can be read.",
    "image_too_large": "The picture has too many pixels.",
    "animated_image": "The picture is animated.",
    "upload_too_large": "The file is too large.",
    "throttled": "Wait a moment.",
}


class Photos(View):
    """Uploads to a lineup."""

    parser_classes = (MultiPartParser,)
    throttle_classes = (UploadThrottle,)

    @extend_schema(
        operation_id="photos_upload", tags=["photos"], summary="Upload a photograph",
        request={"multipart/form-data": UploadSerializer},
        responses={201: UploadedSerializer, **answers(*CHANGING, **REFUSALS)},
    )  # fmt: skip
    def post(self, request: Request, pk: UUID) -> Response:
        """Keep the photograph, rebuilt from its pixels, and look for a face in it."""
        lineup = selectors.one(selectors.lineups_for(self.person), pk)
        most = settings.LIGAN_UPLOAD_MAX_BYTES
        if int(request.META.get("CONTENT_LENGTH") or 0) > most + ENVELOPE:  # before the body is read
            photos.refused(lineup, code=UploadTooLarge.code, by=self.person)
            raise UploadTooLarge(most)
        asked = valid(UploadSerializer, request)
        photo, job = photos.add(
            lineup, asked["file"], slot=Slot(asked["slot"]), source=asked["source"], by=self.person
        )
        return Response(UploadedSerializer({"photo": photo, "job": job}).data, status=201)


class OnePhoto(View):
    """One photograph."""

    @extend_schema(
        operation_id="photos_remove", tags=["photos"], summary="Remove a photograph",
        responses={204: None, **answers(*CHANGING)},
    )  # fmt: skip
    def delete(self, request: Request, pk: UUID) -> Response:
        """Remove it, the face found in it, and that face's place in the lineup."""
        photos.remove(selectors.one(selectors.photos_for(self.person), pk), by=self.person)
        return Response(status=204)


class Again(View):
    """Examining a photograph for another source."""

    throttle_classes = (UploadThrottle,)

    @extend_schema(
        operation_id="photos_again", tags=["photos"], summary="Examine a photograph for another source",
        request=AgainSerializer,
        responses={201: UploadedSerializer, **answers(*CHANGING, throttled="Wait a moment.")},
    )  # fmt: skip
    def post(self, request: Request, pk: UUID) -> Response:
        """The face is framed as that source's faces are: the photograph takes its own place, anew."""
        photo = selectors.one(selectors.photos_for(self.person), pk)
        asked = valid(AgainSerializer, request)
        photo, job = photos.again(photo, source=Source(asked["source"]), by=self.person)
        return Response(UploadedSerializer({"photo": photo, "job": job}).data, status=201)


class PhotoImage(View):
    """The picture of a photograph."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="photos_image", tags=["photos"], summary="Picture of a photograph",
        responses={**PNG, **answers(*SEEING)},
    )  # fmt: skip
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The photograph as it was rebuilt from its pixels."""
        return picture(selectors.one(selectors.photos_for(self.person), pk).file, name=f"photograph-{pk}")
