"""Who asks: the session of the site, with CSRF protection."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.permissions import may_work


class SiteSession(SessionAuthentication):
    """The site's session cookie. A request without one is answered with 401, not 403."""

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, which is what makes the status 401."""
        return "Session"


class MayWork(BasePermission):
    """Signed in, active, and not owing a new password."""

    message = "Choose a new password first."
    code = "password_change_required"

    def has_permission(self, request: Request, view: APIView) -> bool:
        return may_work(request.user)


class SiteSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the session is written in the OpenAPI document."""

    target_class = SiteSession
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The cookie of the site. Requests that write also send the header X-CSRFToken.",
        }
