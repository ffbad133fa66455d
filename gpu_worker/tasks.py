"""The one task: claim the job, do its work, end it."""

from uuid import UUID

from celery import Task, shared_task

from gpu_worker import readiness
from gpu_worker.lease import HeldJob, Unworkable, claim
from lineups.errors import StaleMessage
from lineups.services.jobs import TASK
from lineups.states import Kind


@shared_task(name=TASK, bind=True)
def run(task: "Task[..., None]", job_id: str, attempt: str) -> None:
    """Do the job, if this attempt at it is still wanted."""
    worker = task.request.hostname or ""
    try:
        with claim(UUID(job_id), UUID(attempt), worker=worker) as job:
            _work(job)
    except StaleMessage:
        return  # a message may come twice, or after its job was cancelled


def _work(job: HeldJob) -> None:
    if not readiness.is_loaded():
        job.report(0.0, "load")
    try:
        models = readiness.models()
    except readiness.NotLoaded as error:
        raise Unworkable("models_not_loaded", str(error)) from error
    # It knows the engine and its libraries: the worker's first process, which is forked, must not.
    from gpu_worker.work import WORK

    WORK[Kind(job.job.kind)](job, models)
