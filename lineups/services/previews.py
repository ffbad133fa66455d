"""Pictures of what a running refinement has reached. Telemetry, as progress is: not in the audit trail."""

from django.db import transaction
from django.db.models import F

from lineups.errors import LostLease
from lineups.live import announce_job
from lineups.models import Job
from lineups.services.files import remove_after_commit, storing
from lineups.services.leases import Lease


def show(lease: Lease, png: bytes) -> None:
    """Show ``png`` in place of the preview before it.

    Raises:
        LostLease: the job has been taken away; nothing was written.
    """
    with storing() as store, transaction.atomic():
        job = lease.held.first()
        if job is None:
            raise LostLease
        earlier = Job(preview=job.preview.name).preview
        store(job.preview, png)
        if not lease.held.change(preview=job.preview.name, preview_number=F("preview_number") + 1):
            raise LostLease
        remove_after_commit(earlier)
        announce_job(lease.job_id)
