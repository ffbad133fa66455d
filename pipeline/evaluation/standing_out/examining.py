"""One lineup examined: who of its members is the odd one, in each aspect."""

from dataclasses import dataclass

import numpy as np

from pipeline.appearance.look import look_of
from pipeline.appearance.photograph import PhotographClassifier, photograph_logits
from pipeline.appearance.standing_out import Member, StandingOut, standing_out
from pipeline.evaluation.standing_out.lineups import DraftedLineup
from pipeline.identity.crops import identity_crop
from pipeline.identity.faces import FaceIdentity


@dataclass(frozen=True, eq=False)
class Examined:
    """A lineup, and what was found.

    Attributes:
        embeddings: float32 (n, d), unit length.
    """

    lineup: DraftedLineup
    found: StandingOut
    embeddings: np.ndarray


def examine(
    lineup: DraftedLineup, identity: FaceIdentity, classifier: PhotographClassifier | None
) -> Examined:
    """The whole check, as ``draft_lineup`` and the site make it."""
    crops = np.stack([identity_crop(head.image, head.landmarks) for head in lineup.heads])
    embeddings = identity.embed(crops)
    logits = photograph_logits(lineup.heads, classifier)
    members = [
        Member(look_of(head), embedding, logit)
        for head, embedding, logit in zip(lineup.heads, embeddings, logits, strict=True)
    ]
    return Examined(lineup, standing_out(members, lineup.suspect), embeddings)
