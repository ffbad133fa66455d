"""Each face judged by itself."""

import numpy as np
import pytest

from pipeline.evaluation.realism import judge_of
from pipeline.evaluation.sampling import Sampler, latents
from pipeline.evaluation.subject import from_bundle
from pipeline.networks.realism import RealismJudge
from tests.pipeline.tiny_bundle import write_tiny_bundle


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
