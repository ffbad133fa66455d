"""What every view of the API has in common."""

from typing import Any

from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.models import User
from lineups.api.authentication import MayWork, SiteSession
from lineups.api.exceptions import handler


class View(APIView):
    """A view for somebody who is signed in."""

    authentication_classes = (SiteSession,)
    permission_classes = (MayWork,)

    def get_exception_handler(self) -> Any:
        """The one handler of :mod:`lineups.api.exceptions`."""
        return handler

    @property
    def person(self) -> User:
        """Who asks."""
        user = self.request.user
        if not isinstance(user, User):
            raise NotAuthenticated
        return user

    def get_serializer_context(self) -> dict[str, Any]:
        """Serializers ask what this person may do."""
        return {"person": self.person, "request": self.request, "view": self}


def valid(serializer: type[Serializer[Any]], request: Request, **options: Any) -> dict[str, Any]:
    """The body of ``request`` as ``serializer`` takes it.

    Raises:
        ValidationError: it does not.
    """
    asked = serializer(data=request.data, **options)
    asked.is_valid(raise_exception=True)
    data: dict[str, Any] = asked.validated_data
    return data
