"""Jobs: ask, look, cancel."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lineups import errors, selectors
from lineups.api.base import View, valid
from lineups.api.errors import CHANGING, SEEING, answers
from lineups.api.pictures import PNG, AnyAccept, passing_picture
from lineups.api.serializers.jobs import REQUESTS, JobRequest, JobSerializer, KindSerializer
from lineups.api.throttles import JobThrottle
from lineups.models import Job
from lineups.services import jobs, pages, preparations, refinements

ASK: dict[str, Callable[..., Job]] = {
    "generate": pages.generate, "interpolate": pages.interpolate, "refine": refinements.refine,
    "prepare": preparations.prepare,
}  # fmt: skip


class Jobs(View):
    """Jobs of a lineup."""

    throttle_classes = (JobThrottle,)

    @extend_schema(
        operation_id="jobs_create", tags=["jobs"], summary="Generate, interpolate, refine or prepare",
        request=JobRequest,
        responses={
            202: JobSerializer,
            **answers(
                *CHANGING, errors.NoWorkerReady, errors.PhotoNotExamined, errors.JobRunning,
                errors.NotRefinable, errors.OtherRefinement, errors.NotPreparable, errors.NoSuspect,
                errors.NoFiller,
                invalid="This lineup has no such face.", throttled="Wait a moment.",
            ),
        },
    )  # fmt: skip
    def post(self, request: Request, pk: UUID) -> Response:
        """Ask for a page, or for the members' pictures. The answer is the waiting job."""
        lineup = selectors.one(selectors.lineups_for(self.person), pk)
        asked = valid(REQUESTS[valid(KindSerializer, request)["kind"]], request)
        submit = ASK[asked.pop("kind")]
        return Response(JobSerializer(submit(lineup, **asked, by=self.person)).data, status=202)


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
