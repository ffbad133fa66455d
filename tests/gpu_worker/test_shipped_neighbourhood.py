"""The neighbourhood of the bundle that ships is the thesis' (§3.4.5)."""

import numpy as np
import pytest
from django.conf import settings

from pipeline.fillers import Neighbourhood
from pipeline.networks.bundle import Bundle


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """The bundle that ships."""
    return Bundle.open(settings.LIGAN_BUNDLE)


@pytest.fixture(scope="module")
def neighbourhood(bundle: Bundle) -> Neighbourhood:
    return bundle.neighbourhood()


def test_it_has_256_principal_components_of_w_plus(bundle: Bundle, neighbourhood: Neighbourhood) -> None:
    sizes = bundle.manifest["encoder"]
    assert neighbourhood.components.shape == (256, sizes["num_ws"] * sizes["w_dim"])
    assert neighbourhood.deviations.shape == (256,)
    # Stored as float16, which has three digits.
    products = neighbourhood.components @ neighbourhood.components.T
    np.testing.assert_allclose(products, np.eye(256), atol=2e-3)
    assert neighbourhood.deviations.min() > 0
    assert (np.diff(neighbourhood.deviations) <= 0).all()


def test_it_was_fitted_on_10_000_encoded_samples(bundle: Bundle) -> None:
    assert bundle.manifest["training"]["neighbours"]["samples"] == 10_000
