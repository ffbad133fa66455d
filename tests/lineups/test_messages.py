"""A job reaches a worker even when its message is lost or the broker is down."""

from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.utils import timezone

from accounts.models import User
from lineups.errors import (
    StaleMessage,
)
from lineups.models import Face, Job, Lineup
from lineups.services import pages, reaper
from lineups.states import State
from tests.brokers import broker_at
from tests.lineups.conftest import after_the_lease, seen, take


def messages() -> list[list[str]]:
    """Takes what is in the workers' queue: the job and the attempt of each message."""
    found = []
    with current_app.connection_for_read() as broker, broker.SimpleQueue("interactive") as queue:
        while queue.qsize():
            message = queue.get_nowait()
            message.ack()
            found.append(message.payload[0])
    return found


@pytest.fixture
def empty_queue() -> None:
    """Whatever other tests have sent is taken away."""
    messages()


@pytest.mark.django_db(transaction=True)
def test_a_submitted_job_reaches_the_queue_with_its_attempt(empty_queue: None, job: Job) -> None:
    assert [str(job.pk), str(job.attempt)] in messages()


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_message_got_lost_is_sent_again_and_still_done_once(empty_queue: None, job: Job) -> None:
    messages()  # lost
    assert reaper.reap(timezone.now() + timedelta(seconds=29)).sent_again == 0

    assert reaper.reap(timezone.now() + timedelta(seconds=31)).sent_again == 1

    assert messages() == [[str(job.pk), str(job.attempt)]]
    take(job)
    with pytest.raises(StaleMessage):
        take(job)


@pytest.mark.django_db(transaction=True)
def test_a_reaped_job_is_sent_with_its_new_attempt(empty_queue: None, job: Job) -> None:
    take(job)
    messages()

    reaper.reap(after_the_lease())

    assert messages() == [[str(job.pk), str(seen(job).attempt)]]


@pytest.mark.django_db(transaction=True)
def test_a_job_submitted_while_the_broker_is_down_waits_and_is_sent_when_it_is_back(
    draft: Lineup, suspect: Face, ready_worker: None, officer: User, empty_queue: None, tmp_path: Any
) -> None:
    with broker_at(f"redis+socket://{tmp_path / 'nobody.sock'}"):
        job = pages.generate(draft, face=suspect.pk, by=officer)

    assert (seen(job).state, seen(job).sent) == (State.QUEUED, None)
    assert reaper.reap().sent_again == 1
    assert messages() == [[str(job.pk), str(job.attempt)]]
