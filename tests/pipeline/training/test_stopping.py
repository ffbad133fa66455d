"""Runs end when they are told to."""

import os
import signal

import pytest

from pipeline.training.stopping import SIGNALS, noted_signals


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_taken_note_of_and_ends_nothing(number: signal.Signals) -> None:
    with noted_signals() as stop_requested:
        assert not stop_requested()
        os.kill(os.getpid(), number)
        assert stop_requested()


@pytest.mark.parametrize("number", SIGNALS)
def test_afterwards_signals_do_what_they_did(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(RuntimeError), noted_signals():
        raise RuntimeError
    assert signal.getsignal(number) is before
