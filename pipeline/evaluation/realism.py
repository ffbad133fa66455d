"""The discriminator's logits of training faces and of generated ones, by Keras.

What is made of a face's logit is told in ``pipeline.evaluation.annotation.scale``.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.evaluation.sampling import Sampler, latents
from pipeline.fillers.realism import RealismScale
from pipeline.networks.realism import RealismJudge
from pipeline.serving.bundle_faces import COMPANY_SEED

BINS: Final = 40


def judge_of(sampler: Sampler) -> RealismJudge:
    """The judge of a model that has a discriminator; its company is fixed by the model."""
    discriminator = sampler.subject.discriminator
    if discriminator is None:
        raise ValueError("Without a discriminator nothing is judged.")
    # One more than needed, since a group may be of one.
    z = latents(sampler.generator, discriminator.config.minibatch_std_group, COMPANY_SEED)
    return RealismJudge(discriminator, sampler.pictures(sampler.codes(z))[1:])


@dataclass(frozen=True)
class ScoreHistogram:
    """Logits of both kinds in equal bins.

    Attributes:
        edges: BINS + 1 logits.
        real, generated: counts, BINS each.
        real_mean, real_deviation, generated_mean, generated_deviation: of the logits.
        told_apart: probability that a training face scores higher than a generated one; 0.5 means that the
            discriminator cannot tell.
        positive: share of generated faces with a logit above 0, which it takes for training faces.
    """

    edges: list[float]
    real: list[int]
    generated: list[int]
    real_mean: float
    real_deviation: float
    generated_mean: float
    generated_deviation: float
    told_apart: float
    positive: float


def score_histogram(real: np.ndarray, generated: np.ndarray) -> ScoreHistogram:
    """Count logits (n,) and (m,)."""
    # In float64: of neighbouring float32 no forty bins could be made.
    both = np.concatenate([real, generated]).astype(np.float64)
    edges = np.histogram_bin_edges(both, BINS)
    return ScoreHistogram(
        edges=[float(edge) for edge in edges],
        real=[int(n) for n in np.histogram(real, edges)[0]],
        generated=[int(n) for n in np.histogram(generated, edges)[0]],
        real_mean=float(real.mean()),
        real_deviation=float(real.std()),
        generated_mean=float(generated.mean()),
        generated_deviation=float(generated.std()),
        told_apart=share_above(real, generated),
        positive=float((generated > 0).mean()),
    )


def share_above(a: np.ndarray, b: np.ndarray) -> float:
    """Probability that a random one of ``a`` exceeds one of ``b``; ties count half."""
    return float(RealismScale(np.sort(b)).realism(a).mean())
