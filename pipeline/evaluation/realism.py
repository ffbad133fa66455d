"""How real a face looks to the discriminator, as a number from 0 to 1.

A discriminator's logit has no unit: it grows and shrinks as training goes on, and differs from model to
model. A face's rank has one. **Realism** is the share of this model's own generated faces that the
discriminator finds less real than the face (ties count half): 0.8 is "more real than 80 of 100 faces that
this generator makes". Among its generated faces it is spread evenly from 0 to 1, by definition; most training
faces come near 1, as far as the discriminator can tell them. It says nothing of how real a *person* would
find the face.

The discriminator compares the pictures of a group (its minibatch deviation). Here each face is judged in the
company of the same few generated faces, so that its logit does not depend on what else is judged.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from pipeline.evaluation.sampling import Sampler, latents
from pipeline.fillers.realism import RealismScale
from pipeline.networks.realism import RealismJudge

# Codes of the company and of the faces that others are ranked among: never those of a user's seed.
COMPANY_SEED: Final = 2_718_281_828
REFERENCE_SEED: Final = 3_141_592_653
REFERENCES: Final = 1000
BINS: Final = 40


@dataclass(frozen=True)
class Reference(RealismScale):
    """Logits of a model's own faces, ascending: the scale of realism.

    Attributes:
        logits: float (n,).
        truncation: of those faces.
    """

    truncation: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values, to be written down."""
        return {"truncation": self.truncation, "logits": [round(float(x), 5) for x in self.logits]}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Reference":
        """Read what was written; ValueError, KeyError or TypeError if it is no scale."""
        logits = np.sort(np.asarray(values["logits"], np.float64))
        if logits.ndim != 1 or not len(logits) or not np.isfinite(logits).all():
            raise ValueError("a scale of realism needs logits")
        return cls(logits, float(values["truncation"]))


def judge_of(sampler: Sampler) -> RealismJudge:
    """The judge of a model that has a discriminator; its company is fixed by the model."""
    discriminator = sampler.subject.discriminator
    if discriminator is None:
        raise ValueError("Without a discriminator nothing is judged.")
    # One more than needed, since a group may be of one.
    z = latents(sampler.generator, discriminator.config.minibatch_std_group, COMPANY_SEED)
    return RealismJudge(discriminator, sampler.pictures(sampler.codes(z))[1:])


def reference_of(sampler: Sampler, judge: RealismJudge, *, faces: int = REFERENCES) -> Reference:
    """Judge faces of the model's own, not truncated."""
    z = latents(sampler.generator, faces, REFERENCE_SEED)
    logits = [judge.logits(images) for images in sampler.stream(z)]
    return Reference(np.sort(np.concatenate(logits).astype(np.float64)), truncation=1.0)


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
