"""A job as JSON: what the API answers, and what open pages are told of it."""

from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from lineups.models import Job
from lineups.requests import Examine, Refine
from lineups.selectors import queue_position
from lineups.states import Kind

AS_THEY_ARE: Final = (
    "kind", "state", "sequence", "progress", "stage", "reason", "reason_code", "cancel_requested", "timings",
    "stop_requested",
)  # fmt: skip


def as_news(job: Job) -> dict[str, Any]:
    """Plain values throughout, because they also travel over the websocket."""
    page = getattr(job, "page", None)  # the reverse of a one-to-one raises where there is none
    preview = f"{reverse('api:job-preview', args=(job.pk,))}?number={job.preview_number}"
    return {
        **{name: getattr(job, name) for name in AS_THEY_ARE},
        **{name: _moment(getattr(job, name)) for name in ("created", "started", "finished")},
        "id": str(job.pk),
        "lineup": str(job.lineup_id),
        "page": str(page.pk) if page else None,
        "photo": str(job.request_as(Examine).photo) if job.kind == Kind.EXAMINE else None,
        "queue_position": queue_position(job),
        "preview": preview if job.preview else None,
        "seconds": job.request_as(Refine).seconds if job.kind == Kind.REFINE else None,
    }


def _moment(when: datetime | None) -> str | None:
    """In UTC, as everywhere in the API."""
    return when.isoformat().replace("+00:00", "Z") if when else None
