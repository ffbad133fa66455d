"""A job is done by one worker at a time; whoever lost it writes nothing."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from lineups.errors import (
    LostLease,
    StaleMessage,
)
from lineups.models import Face, Job, Lineup
from lineups.services import leases, pages, photos, reaper
from lineups.services.leases import Lease
from lineups.states import Outcome, State
from tests.lineups.conftest import (
    after_the_lease,
    new_face,
    seen,
    some_recipe,
    take,
)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_that_reach_for_a_job_exactly_one_gets_it(
    draft: Lineup, suspect: Face, ready_worker: None, officer: User
) -> None:
    for _ in range(5):
        job = pages.generate(draft, face=suspect.pk, by=officer)
        got: list[int] = []
        together = Barrier(6)

        def reach(number: int, job: Job = job, got: list[int] = got, together: Barrier = together) -> None:
            together.wait()
            try:
                leases.claim(job.pk, job.attempt, worker=f"worker {number}")
                got.append(number)
            except StaleMessage:
                pass
            finally:
                connection.close()

        threads = [Thread(target=reach, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(got) == 1
        assert job.attempts.get().worker == f"worker {got[0]}"
        leases.fail(Lease(job.pk, job.attempt), code="test", reason="Enough.", timings={})


def test_a_message_that_comes_twice_does_the_job_once(job: Job) -> None:
    take(job)

    with pytest.raises(StaleMessage):
        take(job)
    assert seen(job).attempts_made == 1


def writes(lineup: Lineup) -> dict[str, Callable[[Lease], object]]:
    return {
        "heartbeat": leases.heartbeat,
        "look for a cancellation": leases.cancel_requested,
        "report": lambda lease: leases.report(lease, progress=0.5, stage="generate"),
        "keep a page": lambda lease: pages.keep(lease, [new_face(900)], timings={}),
        "keep an examined photo": lambda lease: photos.examined(
            lease, lineup.photos.get(), b"png", size=(64, 64), recipe=some_recipe(), timings={}
        ),
        "fail": lambda lease: leases.fail(lease, code="x", reason="X.", timings={}),
        "cancel": lambda lease: leases.cancel(lease, timings={}),
    }


@pytest.mark.parametrize("write", list(writes(Lineup())))
def test_a_worker_that_was_thought_dead_cannot_write_to_the_job_any_more(
    job: Job, draft: Lineup, write: str
) -> None:
    zombie = take(job)
    reaper.reap(after_the_lease())
    heir = take(seen(job))
    before = seen(job)

    with pytest.raises(LostLease):
        writes(draft)[write](zombie)

    after = seen(job)
    assert (after.state, after.sequence, after.attempt) == (before.state, before.sequence, before.attempt)
    assert draft.pages.count() == 0
    assert draft.faces.filter(page__isnull=False).count() == 0
    pages.keep(heir, [new_face(901)], timings={})
    assert seen(job).state == State.SUCCEEDED
    assert [(a.pk, a.outcome) for a in job.attempts.order_by("started")] == [
        (zombie.attempt, Outcome.LOST),
        (heir.attempt, Outcome.SUCCEEDED),
    ]


def test_a_refused_page_leaves_no_file_behind(job: Job, settings: Any) -> None:
    zombie = take(job)
    reaper.reap(after_the_lease())
    folder = settings.STORAGES["default"]["OPTIONS"]["location"]
    files = set(folder.rglob("*.png"))

    with pytest.raises(LostLease):
        pages.keep(zombie, [new_face(902)], timings={})

    assert set(folder.rglob("*.png")) == files
