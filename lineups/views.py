"""The two pages of the site; what they show comes through the API."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from accounts.audit import record
from accounts.models import User
from lineups import actions, selectors
from lineups.errors import NotFound


@require_safe
@login_required
@ensure_csrf_cookie
def lineup_list(request: HttpRequest) -> HttpResponse:
    """The lineups that this person may see."""
    return render(request, "lineups/list.html")


@require_safe
@login_required
@ensure_csrf_cookie
def workbench(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One lineup to work on, or to look at."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    try:
        lineup = selectors.one(selectors.lineups_for(user), pk)
    except NotFound as error:
        if error.denied is not None:
            record(actions.ACCESS_DENIED, on=error.denied, data={"code": error.code}, outcome="denied")
        raise Http404 from error
    return render(request, "lineups/workbench.html", {"lineup": lineup})
