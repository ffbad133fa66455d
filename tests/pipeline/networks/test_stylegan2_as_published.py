"""The networks and their losses give every number that the published implementation gives."""

import numpy as np
import pytest

from pipeline.networks.stylegan2.config import DataFormat
from tests.pipeline.networks import published
from tests.pipeline.networks.reproduced import reproduction
from tests.pipeline.networks.tolerances import error, outputs, tolerance_of

NAMES = outputs("io", list(published.values("io")))
NEAR = 4  # points to try where a kink is near; the first is the fixture's own


@pytest.mark.parametrize("data_format", published.data_formats())
@pytest.mark.parametrize("name", NAMES)
def test_the_published_value_is_reproduced(name: str, data_format: DataFormat) -> None:
    tolerance, theirs = tolerance_of(name), published.values("io")[name]
    errors: list[float] = []
    for point in range(NEAR if tolerance.near_kinks else 1):
        errors.append(error(reproduction(data_format).value(name, point), theirs))
        if errors[-1] <= tolerance.share:
            return
    pytest.fail(f"{name} is off by {errors} of its size, {tolerance.share} are allowed")


def test_noise_given_by_hand_equals_the_constant_noise() -> None:
    generator = reproduction("channels_last").generator
    ws = published.values("io")["wplus"][:1]
    maps = [np.asarray(c.noise_const)[None] for block in generator.synthesis.blocks for c in block.convs]
    np.testing.assert_allclose(generator.synthesis(ws, noise=maps), generator.synthesis(ws), atol=1e-6)
