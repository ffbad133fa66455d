"""Jobs: ask, look, cancel."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lineups import errors, selectors
from lineups.abilities import Wishes
from lineups.api.base import View
from lineups.api.errors import CHANGING, SEEING, answers
from lineups.api.pictures import PNG, AnyAccept, passing_picture
from lineups.api.serializers.jobs import REQUESTS, JobRequest, JobSerializer, KindSerializer
from lineups.api.throttles import JobThrottle
from lineups.models import Job, Lineup
from lineups.services import jobs, pages, refinements

WISHES = ("locks", "distance", "adjust")


class Jobs(View):
    """Jobs of a lineup."""

    throttle_classes = (JobThrottle,)

    @extend_schema(
        operation_id="jobs_create", tags=["jobs"], summary="Generate, interpolate or refine",
        request=JobRequest,
        responses={
            202: JobSerializer,
            **answers(
                *CHANGING, errors.NoWorkerReady, errors.PhotoNotExamined, errors.JobRunning,
                errors.NotRefinable, errors.OtherRefinement,
                invalid="This lineup has no such face.", throttled="Wait a moment.",
            ),
        },
    )  # fmt: skip
    def post(self, request: Request, pk: UUID) -> Response:
        """Ask for a page of faces. The answer is the waiting job; watch it by websocket or by reading it."""
        lineup = selectors.one(selectors.lineups_for(self.person), pk)
        kind = _valid(KindSerializer, request)["kind"]
        asked = _valid(REQUESTS[kind], request)
        return Response(JobSerializer(self._submit(lineup, asked)).data, status=202)

    def _submit(self, lineup: Lineup, asked: dict[str, Any]) -> Job:
        match asked.pop("kind"):
            case "generate":
                wishes = Wishes.from_dict({name: asked.pop(name) for name in WISHES})
                return pages.generate(lineup, **asked, wishes=wishes, by=self.person)
            case "interpolate":
                first, second = asked["faces"]
                return pages.interpolate(lineup, faces=(first, second), steps=asked["steps"], by=self.person)
            case _:
                return refinements.refine(lineup, **asked, by=self.person)


class OneJob(View):
    """One job."""

    @extend_schema(
        operation_id="jobs_read", tags=["jobs"], summary="A job",
        responses={200: JobSerializer, **answers(*SEEING)},
    )  # fmt: skip
    def get(self, request: Request, pk: UUID) -> Response:
        """The job as it stands: reading it again and again tells the same as the websocket."""
        return Response(JobSerializer(selectors.one(selectors.jobs_for(self.person), pk)).data)


class Cancel(View):
    """Cancelling a job."""

    @extend_schema(
        operation_id="jobs_cancel", tags=["jobs"], summary="Cancel a job", request=None,
        responses={202: JobSerializer, **answers(errors.NotFound, errors.NotAllowed, errors.JobFinished)},
    )  # fmt: skip
    def post(self, request: Request, pk: UUID) -> Response:
        """A waiting job is cancelled at once, a running one as soon as its worker notices."""
        job = selectors.one(selectors.jobs_for(self.person), pk)
        return Response(JobSerializer(jobs.request_cancel(job, by=self.person)).data, status=202)


class Stop(View):
    """Ending a refinement early."""

    @extend_schema(
        operation_id="jobs_stop", tags=["jobs"], summary="End a refinement early", request=None,
        responses={202: JobSerializer, **answers(errors.NotFound, errors.NotAllowed, errors.NothingToStop)},
    )  # fmt: skip
    def post(self, request: Request, pk: UUID) -> Response:
        """What it has reached so far is kept, if it is better than where it began; cancelling drops it."""
        job = selectors.one(selectors.jobs_for(self.person), pk)
        return Response(JobSerializer(jobs.request_stop(job, by=self.person)).data, status=202)


class Preview(View):
    """What a running refinement has reached."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="jobs_preview", tags=["jobs"], summary="Preview of a refinement",
        responses={**PNG, **answers(*SEEING)},
    )  # fmt: skip
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The newest picture; there is none before the first, nor once the refinement has ended."""
        job = selectors.one(selectors.jobs_for(self.person), pk)
        return passing_picture(job.preview, name=f"preview-{pk}")


def _valid(serializer: type[Any], request: Request) -> dict[str, Any]:
    asked = serializer(data=request.data)
    asked.is_valid(raise_exception=True)
    data: dict[str, Any] = asked.validated_data
    return data
