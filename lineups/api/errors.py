"""How errors are written in the OpenAPI document."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers

from lineups import errors
from lineups.errors import DomainError


class ErrorSerializer(serializers.Serializer[Any]):
    """Every error: a code for programs and one sentence for people."""

    code = serializers.CharField()
    detail = serializers.CharField(help_text="One plain sentence that says what to do.")
    fields_ = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Sentences by field, where the code is `invalid`.",
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """The key is ``fields``, a name that a serializer keeps for itself."""
        declared = super().get_fields()
        declared["fields"] = declared.pop("fields_")
        return declared


def answers(*refusals: type[DomainError], **more: str) -> Mapping[int, OpenApiResponse]:
    """The answers of an operation that is for people who are signed in.

    Args:
        refusals: domain errors that the operation may end in.
        more: sentences of further answers, by ``invalid``, ``throttled``, ``upload_too_large`` ….
    """
    by_status: dict[int, list[tuple[str, str]]] = {
        401: [("not_authenticated", "You are not signed in. Sign in and try again.")]
    }
    for refusal in refusals:
        by_status.setdefault(refusal.status, []).append((refusal.code, refusal.sentence))
    for code, sentence in more.items():
        by_status.setdefault(STATUS_OF.get(code, 400), []).append((code, sentence))
    return {status: _response(sorted(errors_)) for status, errors_ in sorted(by_status.items())}


STATUS_OF = {"throttled": 429, "upload_too_large": 413}
SEEING = (errors.NotFound,)
CHANGING = (errors.NotFound, errors.NotAllowed, errors.LineupLocked)


def _response(codes: list[tuple[str, str]]) -> OpenApiResponse:
    examples = [OpenApiExample(code, value={"code": code, "detail": sentence}) for code, sentence in codes]
    described = ", ".join(f"`{code}`" for code, _ in codes)
    return OpenApiResponse(ErrorSerializer, description=described, examples=examples)
