"""The network that looks for photographs."""

import numpy as np
import pytest

from pipeline.evaluation.standing_out.detectors import right
from pipeline.evaluation.standing_out.network import PatchNetwork
from tests.pipeline.evaluation.standing_out.exhibits import exhibits


@pytest.mark.slow
def test_the_network_learns_to_find_a_soft_picture_among_sharp_ones() -> None:
    network = PatchNetwork(seed=0, epochs=4)

    network.fit(exhibits(24, 5, odd=True))

    assert np.mean(right(network, exhibits(10, 6, odd=True))) >= 0.8
