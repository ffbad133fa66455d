"""Tells the audit trail which request is being answered."""

from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from accounts.audit.context import RequestContext, client_ip, current


class RequestContextMiddleware:
    """Sets the context for one request and names the request in the answer (`X-Request-ID`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        context = RequestContext(request=request, ip=client_ip(request), request_id=uuid4())
        token = current.set(context)
        try:
            response = self.get_response(request)
        finally:
            current.reset(token)
        response["X-Request-ID"] = str(context.request_id)
        return response
