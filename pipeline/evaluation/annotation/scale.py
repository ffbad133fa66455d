"""How real a face looks to the discriminator, as a number from 0 to 1.

A discriminator's logit has no unit: it grows and shrinks as training goes on, and differs from model to
model. A face's rank has one. **Realism** is the share of this model's own generated faces that the
discriminator finds less real than the face (ties count half): 0.8 is "more real than 80 of 100 faces that
this generator makes". Among its generated faces it is spread evenly from 0 to 1, by definition; most training
faces come near 1, as far as the discriminator can tell them. It says nothing of how real a *person* would
find the face.

The discriminator compares the pictures of a group (its minibatch deviation). Here each face is judged in the
company of the same few generated faces, so that its logit does not depend on what else is judged.

A bundle with a band has logits and company in it: a page of fillers and annotated faces have one scale. For
another bundle they are made once, and the logits kept (see ``pipeline.evaluation.cache``).
"""

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import numpy as np
from tqdm import tqdm

from pipeline.evaluation.annotation.faces import BATCH
from pipeline.evaluation.annotation.making import Maker
from pipeline.evaluation.annotation.served import Served
from pipeline.evaluation.cache import FeatureCache
from pipeline.fillers.realism import RealismScale
from pipeline.serving.bundle_faces import COMPANY_SEED

# Codes of the faces that others are ranked among: never those of a user's seed.
REFERENCE_SEED: Final = 3_141_592_653
REFERENCES: Final = 1000
#: Of a bundle's band, or made here.
Company = Literal["band", "made"]
COMPANIES: Final[tuple[Company, ...]] = get_args(Company)


@dataclass(frozen=True)
class Reference(RealismScale):
    """Logits of a model's own faces, ascending: the scale of realism.

    Attributes:
        logits: float (n,).
        truncation: of those faces.
        company: beside which faces the discriminator saw each one.
    """

    truncation: float
    company: Company = "made"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, to be written down."""
        logits = [round(float(x), 5) for x in self.logits]
        return {"truncation": self.truncation, "company": self.company, "logits": logits}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Reference":
        """Read what was written; ValueError, KeyError or TypeError if it is no scale.

        Before there were others, every company was made; that was not written down.
        """
        logits, company = np.sort(np.asarray(values["logits"], np.float64)), values.get("company", "made")
        if logits.ndim != 1 or not len(logits) or not np.isfinite(logits).all():
            raise ValueError("a scale of realism needs logits")
        if company not in COMPANIES:
            raise ValueError(f"faces are judged in the company {' or '.join(COMPANIES)}, not {company!r}")
        return cls(logits, float(values["truncation"]), company)


def reference_of(served: Served, cache: FeatureCache) -> Reference:
    """The scale of a bundle with a discriminator: its band's, or one of faces made now or earlier.

    Args:
        cache: where a scale that is made is kept.
    """
    band = served.bundle.band()
    if band is not None:
        return Reference(np.sort(band.logits.astype(np.float64)), truncation=1.0, company="band")
    key = f"realism {served.bundle.digest} {served.networks.arithmetic} "
    key += f"{REFERENCES} of {REFERENCE_SEED} beside {COMPANY_SEED}"
    logits = cache.kept(key, (REFERENCES,), lambda: logits_of_own(served, REFERENCES))
    return Reference(np.sort(logits.astype(np.float64)), truncation=1.0)


def company_of(served: Served, company: Company) -> np.ndarray:
    """The faces beside which each one is judged, uint8 (group - 1, side, side, 3)."""
    if company == "band" and (band := served.bundle.band()) is not None:
        return band.company
    # One more than needed, since a group may be of one.
    maker = Maker(served.bundle, served.networks)
    group = served.bundle.discriminator_config.minibatch_std_group
    return maker.pictures(maker.latents(group, COMPANY_SEED))[1:]


def logits_of_own(served: Served, count: int) -> np.ndarray:
    """Logits float32 (count,) of faces of the model's own, not truncated, with progress on standard error."""
    maker, company = Maker(served.bundle, served.networks), company_of(served, "made")
    z = maker.latents(count, REFERENCE_SEED)
    parts = tqdm(range(0, count, BATCH), desc="scale of realism", unit="batch", mininterval=1)
    return np.concatenate(
        [served.networks.logits(maker.pictures(z[start : start + BATCH]), company) for start in parts]
    )
