"""Answering with a picture, to somebody who has just been found to be allowed to see it."""

from collections.abc import Iterable

from django.db.models.fields.files import FieldFile
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from lineups.errors import NotFound

PNG = {(200, "image/png"): OpenApiResponse(OpenApiTypes.BINARY, description="The picture.")}

# A picture never changes under its address, but only the browser of whoever was allowed may keep it.
CACHE = "private, max-age=31536000, immutable"


class AnyAccept(DefaultContentNegotiation):
    """An <img> asks for image/*, an error is JSON all the same."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


def picture(field: FieldFile, *, name: str, cache: str = CACHE) -> HttpResponse:
    """The PNG of ``field``, to be saved as ``name``.png."""
    with field.open("rb") as file:
        response = HttpResponse(file.read(), content_type="image/png")
    response["Content-Disposition"] = f'inline; filename="{name}.png"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = cache
    return response


def passing_picture(field: FieldFile, *, name: str) -> HttpResponse:
    """The same of a picture that another replaces soon, and that no browser may keep.

    Raises:
        NotFound: there is none, or it was replaced since its row was read.
    """
    if not field:
        raise NotFound
    try:
        return picture(field, name=name, cache="private, no-store")
    except FileNotFoundError as error:
        raise NotFound from error
