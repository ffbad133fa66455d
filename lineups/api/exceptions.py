"""One place turns what went wrong into one status, one code and one sentence."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from accounts.audit import record
from lineups import actions
from lineups.errors import DomainError, Invalid, NotAllowed, NotFound
from lineups.photographs import PhotographError

SENTENCES = {
    "not_authenticated": "You are not signed in. Sign in and try again.",
    "not_found": NotFound.sentence,
    "throttled": "That was too often. Wait a moment, then try again.",
}


def handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer ``{"code", "detail"}``, with ``"fields"`` where fields of the request are wrong.

    A refused access is written to the audit trail. What is not known here becomes a 500.
    """
    match exc:
        case Http404():
            exc = exceptions.NotFound()
        case PermissionDenied():
            exc = exceptions.PermissionDenied()
    match exc:
        case DomainError():
            set_rollback()
            _note_denial(exc)
            return _of_the_domain(exc)
        case PhotographError():
            set_rollback()
            large = exc.code == "upload_too_large"
            code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE if large else status.HTTP_400_BAD_REQUEST
            return Response({"code": exc.code, "detail": str(exc)}, status=code)
        case exceptions.APIException():
            return _of_the_framework(exc, context)
        case _:
            return None


def _note_denial(exc: DomainError) -> None:
    if isinstance(exc, NotAllowed | NotFound) and exc.denied is not None:
        record(actions.ACCESS_DENIED, on=exc.denied, data={"code": exc.code}, outcome="denied")


def _of_the_domain(exc: DomainError) -> Response:
    body: dict[str, Any] = {"code": exc.code, "detail": str(exc)}
    if isinstance(exc, Invalid):
        body["fields"] = {exc.field: [str(exc)]}
    return Response(body, status=exc.status)


def _of_the_framework(exc: exceptions.APIException, context: dict[str, Any]) -> Response | None:
    response = exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, exceptions.ValidationError):
        fields = _fields(exc.detail)
        sentences = [sentence for of_field in fields.values() for sentence in of_field]
        response.data = {"code": "invalid", "detail": " ".join(sentences), "fields": fields}
    else:
        code = str(exc.get_codes())
        response.data = {"code": code, "detail": SENTENCES.get(code, str(exc.detail))}
    return response


def _fields(detail: Any, name: str = "") -> dict[str, list[str]]:
    """Sentences by field: of the whole request under ``non_field_errors``, nested names joined by dots."""
    if isinstance(detail, dict):
        nested: dict[str, list[str]] = {}
        for key, value in detail.items():
            nested.update(_fields(value, f"{name}.{key}" if name else str(key)))
        return nested
    sentences = detail if isinstance(detail, list) else [detail]
    return {name or "non_field_errors": [str(sentence) for sentence in sentences]}
