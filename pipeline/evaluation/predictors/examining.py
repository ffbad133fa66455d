"""Everything that is measured of attribute models."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pipeline.evaluation.annotation.faces import Faces, GeneratedFaces
from pipeline.evaluation.annotation.records import read_records
from pipeline.evaluation.annotation.running import annotate_with
from pipeline.evaluation.classification import YesNo
from pipeline.evaluation.predictors.histogram import Histogram, attributes_in, histogram_of
from pipeline.evaluation.predictors.judging import Judged, judged_labels, judged_traits
from pipeline.evaluation.predictors.predicting import predicted_of
from pipeline.evaluation.sampling import Sampler
from pipeline.networks.attributes import CombinedAttributes
from pipeline.training.attributes.labelled import Labelled, Split


@dataclass(frozen=True)
class Settings:
    """How much is looked at.

    Attributes:
        data_faces: at most so many faces of the data are in its histogram.
        generated: faces that are made for theirs; 0 for none.
        seed: of the generated faces, and of the choice among the data.
        truncation: ψ of the generated faces.
    """

    data_faces: int = 10_000
    generated: int = 10_000
    seed: int = 0
    truncation: float = 1.0


@dataclass
class Findings:
    """What came out.

    Attributes:
        measured: faces that the models were measured on, if labels were given.
        labels: CelebA's labels, one by one.
        traits: keys of a description, each with one of several values.
        histograms: of the data and of generated faces, where there are any.
        seconds: part of the work → how long it took.
    """

    measured: Labelled | None
    labels: dict[str, YesNo] = field(default_factory=dict)
    traits: dict[str, Judged] = field(default_factory=dict)
    histograms: list[Histogram] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        """Note how long a part takes."""
        started = time.monotonic()
        yield
        self.seconds[part] = round(time.monotonic() - started, 2)


@dataclass(frozen=True)
class Examiner:
    """Measures attribute models.

    Attributes:
        models: that are measured.
        sampler: of the generator that they go with, which has them too; None where there is none.
        out: folder where annotations are kept, so that an ended run goes on.
        settings: how much.
    """

    models: CombinedAttributes
    sampler: Sampler | None
    out: Path
    settings: Settings

    def run(self, data: Split | None, faces: Faces | None) -> Findings:
        """Measure.

        Args:
            data: labelled faces; those that the models were not taught with are measured on.
            faces: counted as the data, in place of the labelled ones.
        """
        findings = Findings(None if data is None else data.measured)
        if findings.measured is not None:
            with findings.timed("measured faces"):
                predicted = predicted_of(self.models, findings.measured.files, what="measured faces")
                findings.labels = judged_labels(predicted, findings.measured)
                findings.traits = judged_traits(predicted, findings.measured)
        with findings.timed("data"):
            if faces is not None:
                findings.histograms.append(self._annotated("data", faces))
            elif data is not None:
                files = drawn(files_of(data), self.settings.data_faces, seed=self.settings.seed)
                findings.histograms.append(
                    histogram_of("data", predicted_of(self.models, files, what="data"))
                )
        if self.sampler is not None and self.settings.generated:
            with findings.timed("generated faces"):
                made = self._generated(self.sampler)
                findings.histograms.append(self._annotated("generated faces", made))
        return findings

    def _generated(self, sampler: Sampler) -> Faces:
        settings = self.settings
        return GeneratedFaces(
            sampler, count=settings.generated, seed=settings.seed, truncation=settings.truncation
        )

    def _annotated(self, what: str, faces: Faces) -> Histogram:
        """Annotate faces into a file that can be asked later, and count."""
        if self.sampler is None:
            raise ValueError("Without a generator there is no scale of realism to annotate with.")
        path = self.out / f"{what.split(maxsplit=1)[0]}.jsonl"
        annotate_with(self.sampler, faces, path)
        records = read_records(path)
        return histogram_of(what, attributes_in(records.rows, records.head["outputs"]))


def files_of(data: Split) -> list[Path]:
    """All pictures of a data set."""
    parts = (data.train, data.validation, data.held_out)
    return [file for part in parts if part is not None for file in part.files]


def drawn(files: Sequence[Path], most: int, *, seed: int) -> list[Path]:
    """All files, or so many of them at random, in their order."""
    if len(files) <= most:
        return list(files)
    places = np.random.default_rng(seed).choice(len(files), most, replace=False)
    return [files[place] for place in np.sort(places)]
