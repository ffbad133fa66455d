"""Holds back a person who still has to choose a password."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User

API_PREFIX = "/api/"


class PasswordChangeMiddleware:
    """Lets through only the password page, signing out and the style sheets until the password is changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not (isinstance(user, User) and user.must_change_password) or self._is_open(request.path):
            return self.get_response(request)
        if request.path.startswith(API_PREFIX):
            return JsonResponse(
                {"code": "password_change_required", "detail": "Choose a new password first, on the site."},
                status=403,
            )
        return redirect("password")

    @staticmethod
    def _is_open(path: str) -> bool:
        return path in {reverse("password"), reverse("sign-out")} or path.startswith(settings.STATIC_URL)
