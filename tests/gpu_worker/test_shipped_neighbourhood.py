"""The subspace of the bundle that ships is the thesis' (§3.4.5)."""

import numpy as np
import pytest
from django.conf import settings

from pipeline.fillers import Subspace
from pipeline.networks.bundle import Bundle


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """The bundle that ships."""
    return Bundle.open(settings.LIGAN_BUNDLE)


@pytest.fixture(scope="module")
def subspace(bundle: Bundle) -> Subspace:
    return bundle.subspace()


def test_it_has_256_principal_components_of_w_plus(bundle: Bundle, subspace: Subspace) -> None:
    sizes = bundle.manifest["encoder"]
    assert subspace.components.shape == (256, sizes["num_ws"] * sizes["w_dim"])
    assert subspace.deviations.shape == (256,)
    # Stored as float16, which has three digits.
    products = subspace.components @ subspace.components.T
    np.testing.assert_allclose(products, np.eye(256), atol=2e-3)
    assert subspace.deviations.min() > 0
    assert (np.diff(subspace.deviations) <= 0).all()


def test_it_was_fitted_on_10_000_encoded_samples(bundle: Bundle) -> None:
    assert bundle.manifest["training"]["neighbours"]["samples"] == 10_000
