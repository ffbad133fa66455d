"""The acts of the domain that the audit trail knows."""

from accounts.audit.actions import register

LINEUP_CREATED = register("lineup.created", "Lineup created")
LINEUP_CHANGED = register("lineup.changed", "Case reference or title changed")
LINEUP_OPENED = register("lineup.opened", "Lineup opened")
LINEUP_SAVED = register("lineup.saved", "Lineup saved and locked")

LINEUP_PREPARED = register("lineup.prepared", "Members' pictures evened out or left, and checked")

PHOTO_UPLOADED = register("photo.uploaded", "Photograph uploaded")
PHOTO_REFUSED = register("photo.refused", "Photograph refused")
PHOTO_EXAMINED = register("photo.examined", "Face found in a photograph")
PHOTO_REMOVED = register("photo.removed", "Photograph removed")

JOB_SUBMITTED = register("job.submitted", "Job submitted")
JOB_STARTED = register("job.started", "Job started by a worker")
JOB_SUCCEEDED = register("job.succeeded", "Job succeeded")
JOB_FAILED = register("job.failed", "Job failed")
JOB_CANCEL_REQUESTED = register("job.cancel_requested", "Job asked to stop")
JOB_STOP_REQUESTED = register("job.stop_requested", "Refinement asked to end early and keep what it reached")
JOB_CANCELLED = register("job.cancelled", "Job cancelled")
JOB_LOST = register("job.lost", "Job lost by its worker")

FINDING_STATED = register("finding.stated", "Officer said what the person on a photograph looks like")

PAGE_MADE = register("page.made", "Page of faces made")
PAGE_OPENED = register("page.opened", "Page of faces opened")

REFINEMENT_KEPT = register("refinement.kept", "Refinement kept")

MEDIA_CLEANED = register("media.cleaned", "Stray files removed from the media storage")
FACE_REGENERATED = register("face.regenerated", "Face made again from its recipe and compared")

MEMBER_ADDED = register("member.added", "Member added to the lineup")
MEMBER_REMOVED = register("member.removed", "Member removed from the lineup")

EXPORT_OPENED = register("export.opened", "Saved lineup opened or downloaded")

ACCESS_DENIED = register("access.denied", "Access denied")
