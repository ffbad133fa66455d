"""The scale of realism: a bundle's own, or measured once; written down with the faces that it ranks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.evaluation.annotation import scale as scales
from pipeline.evaluation.annotation.making import Maker
from pipeline.evaluation.annotation.scale import Company, Reference, company_of, reference_of
from pipeline.evaluation.annotation.served import Served
from pipeline.evaluation.cache import FeatureCache
from pipeline.networks.bundle import Bundle
from pipeline.serving.arithmetic import Arithmetic
from tests.pipeline.tiny_bundle import with_band, write_tiny_bundle

LOGITS = arrays(np.float64, st.integers(1, 30), elements=st.floats(-50, 50))


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return write_tiny_bundle(tmp_path_factory.mktemp("bundle")).bundle


@pytest.fixture(scope="module")
def served(bundle: Bundle) -> Served:
    return Served.of(bundle)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scale of fewer faces than are usual."""
    monkeypatch.setattr(scales, "REFERENCES", 24)


@dataclass
class Counting:
    """Networks of which it is known how many faces they made."""

    networks: Any
    arithmetic: Arithmetic
    made: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.networks, name)

    def synthesise(self, w_plus: np.ndarray, noise: Sequence[np.ndarray]) -> Any:
        self.made += len(w_plus)
        return self.networks.synthesise(w_plus, noise)


def counting(served: Served, **changes: Any) -> tuple[Served, Counting]:
    networks = Counting(served.networks, changes.pop("arithmetic", served.networks.arithmetic))
    return replace(served, networks=networks, **changes), networks


def test_realism_is_the_share_of_the_models_faces_that_look_less_real() -> None:
    scale = Reference(np.array([-2.0, -1.0, 0.0, 0.0, 3.0]), truncation=1.0)

    realism = scale.realism(np.array([-9.0, -1.5, 0.0, 1.0, 9.0]))

    assert realism.tolist() == [0.0, 0.2, 0.6, 0.8, 1.0]


@given(LOGITS, LOGITS)
def test_what_looks_more_real_has_no_less_realism(scale: np.ndarray, logits: np.ndarray) -> None:
    realism = Reference(np.sort(scale), 1.0).realism(np.sort(logits))

    assert ((realism >= 0) & (realism <= 1)).all()
    assert (np.diff(realism) >= 0).all()


def test_realism_of_the_models_own_faces_is_spread_evenly(served: Served) -> None:
    scale, maker = reference_of(served, FeatureCache(None)), Maker(served.bundle, served.networks)

    fresh = served.networks.logits(maker.pictures(maker.latents(256, 6)), company_of(served, scale.company))

    assert np.quantile(scale.realism(fresh), [0.25, 0.5, 0.75]) == pytest.approx([0.25, 0.5, 0.75], abs=0.12)


@pytest.mark.parametrize("company", ["band", "made"])
def test_a_scale_written_down_gives_the_same_realism(company: Company) -> None:
    scale = Reference(np.linspace(-3, 3, 50), truncation=1.0, company=company)

    again = Reference.from_dict(scale.to_dict())

    np.testing.assert_array_equal(again.realism(scale.logits + 0.01), scale.realism(scale.logits + 0.01))
    assert again.company == company


def test_a_scale_that_was_written_before_there_were_others_is_of_company_that_is_made() -> None:
    assert Reference.from_dict({"truncation": 1.0, "logits": [0.5, -1.0]}).company == "made"


@pytest.mark.parametrize(
    "values",
    [
        {"truncation": 1.0, "logits": []},
        {"truncation": 1.0, "logits": [None]},
        {"truncation": 1.0, "logits": [0.0], "company": "strangers"},
    ],
)
def test_what_is_no_scale_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        Reference.from_dict(values)


def test_a_bundle_with_a_band_has_its_scale_and_makes_nothing(tmp_path: Path) -> None:
    bundle = with_band(write_tiny_bundle(tmp_path / "bundle").bundle)
    band, (served, networks) = bundle.band(), counting(Served.of(bundle))
    assert band is not None

    scale = reference_of(served, FeatureCache(tmp_path / "cache"))

    np.testing.assert_array_equal(scale.logits, band.logits)
    np.testing.assert_array_equal(company_of(served, scale.company), band.company)
    assert networks.made == 0
    assert not (tmp_path / "cache").exists()


def test_the_scale_of_a_bundle_without_a_band_is_measured_once(
    served: Served, tmp_path: Path, few: None
) -> None:
    cache, (first, networks), (second, idle) = FeatureCache(tmp_path), counting(served), counting(served)

    scale, again = reference_of(first, cache), reference_of(second, cache)

    assert networks.made >= 24
    assert idle.made == 0
    np.testing.assert_array_equal(scale.logits, again.logits)


@pytest.mark.parametrize("other", ["bundle", "arithmetic"])
def test_another_bundle_or_runtime_has_a_scale_of_its_own(
    other: str, served: Served, tmp_path: Path, few: None
) -> None:
    changes: dict[str, Any] = {
        "bundle": replace(served.bundle, digest="0" * 64),
        "arithmetic": Arithmetic("openvino", "1.0.0"),
    }
    cache = FeatureCache(tmp_path)
    reference_of(served, cache)
    changed, networks = counting(served, **{other: changes[other]})

    reference_of(changed, cache)

    assert networks.made >= 24
