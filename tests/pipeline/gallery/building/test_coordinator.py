"""Faces depend on the seed alone: not on who made them, not on when the build was ended."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.gallery.building.coordinator import TWIN
from pipeline.gallery.building.outcomes import Outcome, read_outcomes
from pipeline.gallery.building.settings import AHEAD, TRIES
from pipeline.gallery.building.targets import TARGETS
from pipeline.workers.processes import Processes
from pipeline.workers.workers import InProcess
from tests.pipeline.gallery.building.guessing import PEOPLE, REFUSED, Guessing, begun, chosen, tried

COUNT = 2 * AHEAD * TRIES


class Ended(Exception):
    """The build is ended from outside."""


def alone(folder: Path, count: int = COUNT, seed: int = 1) -> list[tuple[int, int]]:
    layout = begun(folder)
    return chosen(tried(layout, InProcess(Guessing(layout, seed)), count))


def test_two_processes_make_what_one_makes(tmp_path: Path) -> None:
    layout = begun(tmp_path / "two")
    with Processes(Guessing(layout, 1), 2) as workers:
        together = chosen(tried(layout, workers, COUNT))

    assert together == alone(tmp_path / "one")
    assert len(together) == COUNT


@pytest.mark.parametrize("blocks", [1, AHEAD + 3])
def test_a_build_that_was_ended_goes_on_to_the_same_faces(blocks: int, tmp_path: Path) -> None:
    layout = begun(tmp_path / "ended")

    def end(_: int, tries: int) -> None:
        if tries == blocks * TRIES:
            raise Ended

    with pytest.raises(Ended):
        tried(layout, InProcess(Guessing(layout, 1)), COUNT, end)

    assert chosen(tried(layout, InProcess(Guessing(layout, 1)), COUNT)) == alone(tmp_path / "undisturbed")


def test_another_seed_makes_other_faces(tmp_path: Path) -> None:
    assert alone(tmp_path / "a", 40, seed=1) != alone(tmp_path / "b", 40, seed=2)


def test_fewer_faces_are_the_first_of_more(tmp_path: Path) -> None:
    assert alone(tmp_path / "few", 50) == alone(tmp_path / "more", 80)[:50]


def test_what_is_missing_is_drawn_more_often(tmp_path: Path) -> None:
    """Groups of the table that nobody has leave their share to those that are there."""
    faces = alone(tmp_path / "balanced")

    women = sum(PEOPLE[giver].sex == "female" for _, giver in faces)
    indian = sum(PEOPLE[giver].ethnicity == "indian" for _, giver in faces)
    assert women == pytest.approx(COUNT / 2, rel=0.1)
    shares = TARGETS["ethnicity"]
    there = sum(shares[group] for group in {person.ethnicity for person in PEOPLE})
    assert indian == pytest.approx(COUNT * shares["indian"] / there, rel=0.25)


def test_every_try_is_accounted_for(tmp_path: Path) -> None:
    layout = begun(tmp_path / "all")
    progress = tried(layout, InProcess(Guessing(layout, 3)), 30)

    assert [outcome.number for outcome in progress.outcomes] == list(range(len(progress.outcomes)))
    assert {outcome.reason for outcome in progress.outcomes} <= {"", REFUSED, "not needed"}
    assert sum(not outcome.reason for outcome in progress.outcomes) == 30


def test_what_is_written_of_a_block_is_read_again(tmp_path: Path) -> None:
    layout = begun(tmp_path / "block")
    tried(layout, InProcess(Guessing(layout, 4)), 5)

    first = next(one for one in read_outcomes(layout.block(0)) if one.made)

    assert first.made is not None
    assert first.made.head.image.shape == (8, 8, 3)
    assert first.made.head.alpha.max() == 1.0
    assert first.made.embedding @ first.made.embedding == pytest.approx(1.0, abs=1e-5)


class Same(Guessing):
    """Always the same face."""

    def _outcome(self, number: int, chances: np.ndarray) -> Outcome:
        same = next(one for one in (super(Same, self)._outcome(k, chances) for k in range(99)) if one.made)
        return replace(same, number=number)


def test_portraits_that_give_too_few_faces_end_the_tries(tmp_path: Path) -> None:
    layout = begun(tmp_path / "few")

    progress = tried(layout, InProcess(Same(layout, 1)), 4)

    assert len(progress.accepted) == 1
    assert len(progress.outcomes) == 4 * 20
    assert {outcome.reason for outcome in progress.outcomes} == {"", TWIN}


class Refusing(Guessing):
    """Never a face."""

    def _outcome(self, number: int, chances: np.ndarray) -> Outcome:
        return super()._outcome(number, chances).refused(REFUSED)


def test_a_block_without_a_face_is_no_trouble(tmp_path: Path) -> None:
    layout = begun(tmp_path / "none")

    assert not tried(layout, InProcess(Refusing(layout, 1)), 1).accepted
