"""Encoder and generator in turns keep the time, though a step of either must first be traced."""

import numpy as np
import pytest
from keras import ops

from pipeline.refinement import Callbacks, Networks, TimeLimit
from pipeline.refinement.alternating import Alternating
from pipeline.refinement.method import Beginning, State, Step, Tensor
from pipeline.refinement.running import Running

TRACING = 12.0
STEP = 0.3


class Steps:
    """Steps of both kinds on a clock of their own: the first of each takes as long as one that is traced."""

    def __init__(self) -> None:
        self.now = 0.0
        self.taken: list[tuple[str, int]] = []

    def clock(self) -> float:
        return self.now

    def of(self, kind: str) -> Step:
        def step(state: State, given: State, seed: Tensor) -> tuple[State, Tensor]:
            traced = kind in {name for name, _ in self.taken}
            self.now += STEP if traced else TRACING
            self.taken.append((kind, int(seed[1])))
            return {}, 1.0 / len(self.taken)

        return step


@pytest.fixture
def steps() -> Steps:
    return Steps()


@pytest.fixture
def alternating(networks: Networks, steps: Steps, monkeypatch: pytest.MonkeyPatch) -> Alternating:
    """The method, at the thesis' schedule, with steps that cost what they should."""
    method = Alternating(networks)
    monkeypatch.setattr(method, "_encoder", steps.of("encoder"))
    monkeypatch.setattr(method, "_generator", steps.of("generator"))
    return method


def run(method: Alternating, heads: np.ndarray, limit: TimeLimit) -> None:
    photographs = ops.convert_to_tensor(heads[:1].astype(np.float32) / 127.5 - 1.0)
    beginning = Beginning(photographs, ops.zeros((1, 6, 8)), generator=[], encoder=[], again=False)
    running = Running(limit, Callbacks(), set(), (), lambda state: None)
    running.through(method.phases(beginning), method.begin(beginning))


def test_a_step_of_the_encoder_and_one_of_the_generator_are_tried_before_the_first(
    alternating: Alternating, steps: Steps, heads: np.ndarray
) -> None:
    run(alternating, heads, TimeLimit(60.0, steps.clock))
    assert steps.taken[:3] == [("encoder", 0), ("generator", 75), ("encoder", 0)]


def test_a_generator_s_step_that_has_to_be_traced_does_not_overrun_the_limit(
    alternating: Alternating, steps: Steps, heads: np.ndarray
) -> None:
    limit = TimeLimit(TRACING + 75 * STEP + 2.0, steps.clock)  # time for one turn, were nothing else traced
    run(alternating, heads, limit)
    assert limit.elapsed <= limit.seconds


def test_the_generator_takes_every_seventy_sixth_step(
    alternating: Alternating, steps: Steps, heads: np.ndarray
) -> None:
    run(alternating, heads, TimeLimit(80.0, steps.clock))
    assert [number for kind, number in steps.taken[2:] if kind == "generator"] == [75, 151]
