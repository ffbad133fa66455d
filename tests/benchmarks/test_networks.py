"""How fast the shipped networks are."""

import time
from collections.abc import Callable

import numpy as np
import pytest
from django.conf import settings

from tests.benchmarks.figures import show

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]


@pytest.mark.parametrize("batch", [1, 12, 16])
def test_synthesis_encoding_and_describing(batch: int) -> None:
    from gpu_worker.engine import Engine

    started = time.monotonic()
    engine = Engine.load(settings.LIGAN_BUNDLE)
    engine.warm_up()
    show("bundle on disk to warm engine", [time.monotonic() - started], unit="s")
    random = np.random.default_rng(0)
    crops = random.integers(0, 255, (batch, engine.resolution, engine.resolution, 3)).astype(np.uint8)
    ws = engine.encode(crops)
    works: dict[str, Callable[[], object]] = {
        "synthesis": lambda: engine.render(ws),
        "encoder": lambda: engine.encode(crops),
    }
    if engine.reliability is not None:
        works["attribute models"] = lambda: engine.describe(crops)
    for name, work in works.items():
        rates = []
        for _ in range(15):
            started = time.monotonic()
            work()
            rates.append(batch / (time.monotonic() - started))
        show(f"{name}, batch {batch}", rates, unit="img/s")
