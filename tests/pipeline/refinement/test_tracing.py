"""A step is traced once: what a step costs is known from its rehearsal on."""

from collections import Counter
from typing import Any

import numpy as np
import pytest

from pipeline.refinement import Networks, Refiner
from pipeline.refinement.alternating import Alternating
from pipeline.refinement.pivotal import Pivotal
from tests.pipeline.refinement.counted import looks

STEPS = [
    ("pivotal", Pivotal, ("_searched", "_tuned")),
    ("alternating", Alternating, ("_encoder_step", "_generator_step")),
]


@pytest.mark.parametrize(("method", "kind", "names"), STEPS, ids=[method for method, _, _ in STEPS])
def test_no_step_is_traced_twice(
    method: str,
    kind: type[Any],
    names: tuple[str, ...],
    networks: Networks,
    heads: np.ndarray,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    traced: Counter[str] = Counter()
    for name in names:
        count(monkeypatch, kind, name, traced)
    count(monkeypatch, Refiner, "_looked", traced)

    refinement = Refiner(networks).refine(heads[:1], limit=looks(1000), method=method)

    assert sum(refinement.notes.steps.values()) > 80, "enough for each kind of step"
    assert traced == dict.fromkeys((*names, "_looked"), 1)


def count(monkeypatch: pytest.MonkeyPatch, owner: type[Any], name: str, traced: Counter[str]) -> None:
    """Count how often a method's Python runs: of a compiled one, how often it is traced."""
    original = getattr(owner, name)

    def counted(self: Any, *arguments: Any) -> Any:
        traced[name] += 1
        return original(self, *arguments)

    monkeypatch.setattr(owner, name, counted)
