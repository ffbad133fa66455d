"""The reaper as a command."""

import io
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from lineups.models import Face, Job, Lineup
from lineups.services import pages
from lineups.states import State
from tests.lineups.conftest import take


def test_one_round_of_the_reaper_says_what_it_has_repaired(
    draft: Lineup, suspect: Face, ready_worker: None
) -> None:
    job = pages.generate(draft, face=suspect.pk, by=draft.owner)
    take(job)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    said = io.StringIO()

    call_command("reap", stdout=said)

    assert "1 put back" in said.getvalue()
    assert Job.objects.get(pk=job.pk).state == State.QUEUED
