"""What a photograph shows, in words: a head in, a description and who it is out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.attributes import Description, Finding, Reliability
from pipeline.faces.head import Head
from pipeline.identity import FaceIdentity
from pipeline.reading.files import SHIPPED, Probes, ReadingError, read_probes
from pipeline.reading.signs import Signs, signs_of
from pipeline.reading.words import AGE, BALD, BALDNESS, HAIR, VALUES, age_group


@dataclass(frozen=True, eq=False)
class Read:
    """What was read of a head.

    Attributes:
        description: every key of ``VALUES`` that the reader knows; a finding under its reliable confidence
            has the value None: unknown.
        years: the age, as a number.
        identity: float32 (1024,) of unit length, as ``FaceIdentity.embed`` makes it.
    """

    description: Description
    years: float
    identity: np.ndarray


class Reader:
    """Reads heads: one forward pass of four crops each, and linear probes on what it gives."""

    def __init__(self, probes: Probes, identity: FaceIdentity) -> None:
        """ReadingError where the probes were learned on another embedder's features."""
        if probes.identity != identity.digest:
            raise ReadingError(
                "The reader was taught on the features of another face embedder: "
                f"{probes.identity[:12]}, not {identity.digest[:12]}."
            )
        self.probes, self.identity = probes, identity

    @classmethod
    def load(cls, folder: Path = SHIPPED, *, identity: FaceIdentity | None = None) -> "Reader":
        """The reader in a folder, that which ships by default; once for each process.

        Raises:
            ReadingError: the files cannot be used.
            GraphError: those of the face embedder cannot.
        """
        return cls(_probes_in(folder), identity or FaceIdentity.load())

    @property
    def reliability(self) -> Mapping[str, Reliability]:
        """By key, how often what is said is right, measured on people it was not taught with."""
        return self.probes.reliability

    @property
    def facts(self) -> Mapping[str, Any]:
        """Where the reader comes from."""
        return self.probes.facts

    def read(self, head: Head) -> Read:
        """Read one head."""
        return self.read_all([head])[0]

    def read_all(self, heads: Sequence[Head]) -> list[Read]:
        """Read heads, in order."""
        return self.reads(signs_of(heads, self.identity)) if heads else []

    def reads(self, signs: Signs) -> list[Read]:
        """Say what was measured."""
        years = self.probes.age.years(signs)
        found = {
            key: self._findings(key, signs) for key in VALUES if key == AGE or key in self.probes.classes
        }
        if HAIR in found and BALDNESS in found:
            found |= self._one_about_baldness(found, signs)
        return [
            Read(
                Description({key: findings[i] for key, findings in found.items()}),
                float(years[i]),
                signs.identities[i],
            )
            for i in range(len(signs))
        ]

    def _findings(self, key: str, signs: Signs) -> list[Finding]:
        if key == AGE:
            age = self.probes.age
            likely = age.probabilities(signs)
            places = [VALUES[AGE].index(age_group(years)) for years in age.years(signs)]
            return [
                _finding(key, row, place, age.reliable) for row, place in zip(likely, places, strict=True)
            ]
        probe = self.probes.classes[key]
        findings = [
            _finding(key, row, int(row.argmax()), probe.reliable) for row in probe.probabilities(signs)
        ]
        if key == HAIR:  # of a black and white picture nobody can tell
            return [
                Finding(None, one.confidence) if grey else one
                for one, grey in zip(findings, signs.colourless, strict=True)
            ]
        return findings

    def _one_about_baldness(
        self, found: Mapping[str, Sequence[Finding]], signs: Signs
    ) -> dict[str, list[Finding]]:
        """Hair and baldness without contradiction: where there is one, the surer of the two is right."""
        hair, bald = list(found[HAIR]), list(found[BALDNESS])
        bare = VALUES[HAIR].index(BALD)
        for i, (one, other) in enumerate(zip(hair, bald, strict=True)):
            if one.value is None or other.value is None or (one.value == BALD) == other.value:
                continue
            (colours,) = self.probes.classes[HAIR].probabilities(signs.at(i))
            sure = float(colours[bare] if one.value == BALD else 1 - colours[bare])
            if sure > other.confidence:
                bald[i] = Finding(not other.value, sure)
            elif other.value:
                hair[i] = Finding(BALD, other.confidence)
            else:
                left = np.where(np.arange(len(colours)) == bare, 0.0, colours)
                reliable = self.probes.classes[HAIR].reliable
                hair[i] = _finding(HAIR, left / left.sum(), int(left.argmax()), reliable)
        return {HAIR: hair, BALDNESS: bald}


def _finding(key: str, probabilities: np.ndarray, place: int, reliable: float) -> Finding:
    confidence = float(probabilities[place])
    return Finding(VALUES[key][place] if confidence >= reliable else None, confidence)


@cache
def _probes_in(folder: Path) -> Probes:
    return read_probes(folder)
