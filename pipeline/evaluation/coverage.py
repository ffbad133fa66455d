"""Kinds of people among samples and training faces, as a bundle's attribute models see them."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from pipeline.attributes.reliability import Reliability
from pipeline.evaluation.annotation.words import carried, from_columns, in_words, vocabulary
from pipeline.evaluation.attributes import Spread
from pipeline.evaluation.subject import Subject
from pipeline.networks.attributes import CombinedAttributes


class AttributeOutputs:
    """Attribute models as a feature network: their probabilities, in columns.

    Args:
        models: of the bundle.
        digest: of the bundle.
    """

    name, description = "attributes", "probabilities of the bundle's attribute models"

    def __init__(self, models: CombinedAttributes, digest: str) -> None:
        self.models = models
        known = carried(model.config for model in models.models)
        self.columns, self.words = list(known.columns()), vocabulary(known)
        self.size = len(self.columns)
        self.digest = hashlib.sha256(json.dumps([digest, self.columns]).encode()).hexdigest()

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Pictures uint8 (n, side, side, 3), RGB → float32 (n, size)."""
        return np.stack(list(self.models.predict(images).columns().values()), axis=1)

    def spreads(
        self, real: np.ndarray, generated: np.ndarray, reliability: Mapping[str, Reliability]
    ) -> dict[str, Spread]:
        """Compare training faces with samples, both (n, size), by every trait that the models tell."""
        kinds = [
            in_words(from_columns(dict(zip(self.columns, table.T, strict=True))))
            for table in (real, generated)
        ]
        return {
            key: _spread(words, kinds[0][key], kinds[1][key], reliability.get(key))
            for key, words in self.words.items()
        }


def outputs_of(subject: Subject) -> AttributeOutputs | None:
    """The attribute models of a bundle that has some."""
    if subject.attributes is None:
        return None
    return AttributeOutputs(subject.attributes, subject.facts["digest"])


def _spread(
    words: Sequence[str], real: Sequence[str], generated: Sequence[str], known: Reliability | None
) -> Spread:
    shares = []
    for predicted in (real, generated):
        counts = Counter(predicted)
        shares.append({word: counts[word] / max(len(predicted), 1) for word in words})
    return Spread(
        accuracy=None if known is None else known.accuracy,
        training=shares[0],
        samples=shares[1],
        distance=0.5 * sum(abs(shares[0][word] - shares[1][word]) for word in words),
        judge="models",
    )
