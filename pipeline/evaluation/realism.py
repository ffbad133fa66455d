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
from keras import ops

from pipeline.evaluation.sampling import BATCH, Sampler, in_batches, latents
from pipeline.networks.backend import compiled
from pipeline.networks.stylegan2 import Discriminator

# Codes of the company and of the faces that others are ranked among: never those of a user's seed.
COMPANY_SEED: Final = 2_718_281_828
REFERENCE_SEED: Final = 3_141_592_653
REFERENCES: Final = 1000


class Judge:
    """Gives each picture a logit of its own.

    Args:
        discriminator: channels last.
        company: generated faces uint8 (group - 1, side, side, 3), the others of each picture's group.
    """

    def __init__(self, discriminator: Discriminator, company: np.ndarray) -> None:
        self.discriminator = discriminator
        group = discriminator.config.minibatch_std_group
        if len(company) != group - 1:
            raise ValueError(f"A group of {group} needs {group - 1} others, not {len(company)}.")
        self._maps = compiled(discriminator.maps)
        self._judge = compiled(self._judged)
        self._company = self._seen(company) if len(company) else None

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Logits float32 (n,) of pictures uint8 (n, side, side, 3); the greater, the more real."""
        return in_batches(self._judge, self._seen(images))

    def _seen(self, images: np.ndarray) -> np.ndarray:
        return in_batches(self._maps, images.astype(np.float32) / np.float32(127.5) - np.float32(1.0))

    def _judged(self, maps: Any) -> Any:
        members = [maps]
        if self._company is not None:
            # Groups are strided: the k-th picture is with every BATCH-th one after it.
            members += [
                ops.repeat(ops.convert_to_tensor(other)[None], BATCH, axis=0) for other in self._company
            ]
        return self.discriminator.judge(ops.concatenate(members))[:BATCH, 0]


@dataclass(frozen=True)
class Reference:
    """Logits of a model's own faces, ascending: the scale of realism.

    Attributes:
        logits: float (n,).
        truncation: of those faces.
    """

    logits: np.ndarray
    truncation: float

    def realism(self, logits: np.ndarray) -> np.ndarray:
        """Realism float (n,), 0..1, of logits (n,)."""
        below = np.searchsorted(self.logits, logits, side="left")
        up_to = np.searchsorted(self.logits, logits, side="right")
        return (below + up_to) / (2 * len(self.logits))

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


def judge_of(sampler: Sampler) -> Judge:
    """The judge of a model that has a discriminator; its company is fixed by the model."""
    discriminator = sampler.subject.discriminator
    if discriminator is None:
        raise ValueError("Without a discriminator nothing is judged.")
    # One more than needed, since a group may be of one.
    z = latents(sampler.generator, discriminator.config.minibatch_std_group, COMPANY_SEED)
    return Judge(discriminator, sampler.pictures(sampler.codes(z))[1:])


def reference_of(sampler: Sampler, judge: Judge, *, faces: int = REFERENCES) -> Reference:
    """Judge faces of the model's own, not truncated."""
    z = latents(sampler.generator, faces, REFERENCE_SEED)
    logits = [judge.logits(images) for images in sampler.stream(z)]
    return Reference(np.sort(np.concatenate(logits).astype(np.float64)), truncation=1.0)
