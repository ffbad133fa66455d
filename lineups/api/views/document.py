"""The OpenAPI document and its reading page, for people who are signed in."""

from typing import Any

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from lineups.api.authentication import MayWork, SiteSession
from lineups.api.exceptions import handler


class Document(SpectacularAPIView):
    """The OpenAPI document."""

    authentication_classes = (SiteSession,)
    permission_classes = (MayWork,)

    def get_exception_handler(self) -> Any:
        return handler


class Docs(SpectacularSwaggerSplitView):
    """A page to read it; its scripts come from this site."""

    authentication_classes = (SiteSession,)
    permission_classes = (MayWork,)
    url_name = "api:schema"
    template_name = "lineups/api_docs.html"
