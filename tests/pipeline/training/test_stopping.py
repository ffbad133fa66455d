"""Runs end when they are told to."""

import os
import signal

import pytest

from pipeline.training.stopping import SIGNALS, until_told


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_taken_note_of_and_ends_nothing(number: signal.Signals) -> None:
    with until_told() as told:
        assert not told.stop
        os.kill(os.getpid(), number)
        assert told.stop


@pytest.mark.parametrize("number", SIGNALS)
def test_afterwards_signals_do_what_they_did(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(RuntimeError), until_told():
        raise RuntimeError
    assert signal.getsignal(number) is before
