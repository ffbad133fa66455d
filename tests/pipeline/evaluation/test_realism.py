"""Realism: each face judged by itself, on a scale of the model's own faces."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.evaluation.realism import Reference, judge_of, reference_of
from pipeline.evaluation.sampling import Sampler, latents
from pipeline.evaluation.subject import from_bundle
from pipeline.networks.realism import RealismJudge
from tests.pipeline.tiny_bundle import write_tiny_bundle

LOGITS = arrays(np.float64, st.integers(1, 30), elements=st.floats(-50, 50))


@pytest.fixture(scope="module")
def sampler(tmp_path_factory: pytest.TempPathFactory) -> Sampler:
    return Sampler(from_bundle(write_tiny_bundle(tmp_path_factory.mktemp("bundle")).bundle.folder))


@pytest.fixture(scope="module")
def judge(sampler: Sampler) -> RealismJudge:
    return judge_of(sampler)


@pytest.fixture(scope="module")
def pictures(sampler: Sampler) -> np.ndarray:
    return sampler.pictures(sampler.codes(latents(sampler.generator, 40, 5)))


def test_a_face_is_judged_the_same_alone_and_among_others(judge: RealismJudge, pictures: np.ndarray) -> None:
    together = judge.logits(pictures)

    np.testing.assert_allclose(judge.logits(pictures[33:34]), together[33:34], atol=1e-6)
    np.testing.assert_allclose(judge.logits(pictures[::-1]), together[::-1], atol=1e-6)


def test_a_logit_is_the_discriminators_own_in_that_company(
    sampler: Sampler, judge: RealismJudge, pictures: np.ndarray
) -> None:
    discriminator = sampler.subject.discriminator
    assert discriminator is not None
    company = sampler.pictures(sampler.codes(latents(sampler.generator, 4, 2_718_281_828)))[1:]
    group = np.concatenate([pictures[:1], company]).astype(np.float32) / 127.5 - 1

    assert judge.logits(pictures[:1])[0] == pytest.approx(float(discriminator(group)[0, 0]), abs=1e-5)


def test_a_judge_needs_a_whole_group(sampler: Sampler, pictures: np.ndarray) -> None:
    assert sampler.subject.discriminator is not None
    with pytest.raises(ValueError, match="needs 3 others"):
        RealismJudge(sampler.subject.discriminator, pictures[:2])


def test_realism_is_the_share_of_the_models_faces_that_look_less_real() -> None:
    scale = Reference(np.array([-2.0, -1.0, 0.0, 0.0, 3.0]), truncation=1.0)

    realism = scale.realism(np.array([-9.0, -1.5, 0.0, 1.0, 9.0]))

    assert realism.tolist() == [0.0, 0.2, 0.6, 0.8, 1.0]


@given(LOGITS, LOGITS)
def test_what_looks_more_real_has_no_less_realism(scale: np.ndarray, logits: np.ndarray) -> None:
    realism = Reference(np.sort(scale), 1.0).realism(np.sort(logits))

    assert ((realism >= 0) & (realism <= 1)).all()
    assert (np.diff(realism) >= 0).all()


def test_realism_of_the_models_own_faces_is_spread_evenly(sampler: Sampler, judge: RealismJudge) -> None:
    scale = reference_of(sampler, judge, faces=256)

    fresh = judge.logits(sampler.pictures(sampler.codes(latents(sampler.generator, 256, 6))))

    assert np.quantile(scale.realism(fresh), [0.25, 0.5, 0.75]) == pytest.approx([0.25, 0.5, 0.75], abs=0.12)


def test_a_scale_written_down_gives_the_same_realism() -> None:
    scale = Reference(np.linspace(-3, 3, 50), truncation=1.0)

    again = Reference.from_dict(scale.to_dict())

    np.testing.assert_array_equal(again.realism(scale.logits + 0.01), scale.realism(scale.logits + 0.01))


@pytest.mark.parametrize("values", [{"truncation": 1.0, "logits": []}, {"truncation": 1.0, "logits": [None]}])
def test_what_is_no_scale_is_refused(values: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        Reference.from_dict(values)
