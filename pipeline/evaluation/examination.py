"""Everything that is measured of one generator against one set of training faces."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from tqdm import tqdm

from pipeline.evaluation import path_length, perceptual
from pipeline.evaluation.attributes import LABELS, attribute_spread
from pipeline.evaluation.cache import FeatureCache
from pipeline.evaluation.coverage import outputs_of
from pipeline.evaluation.dataset import DataSet
from pipeline.evaluation.features import FeatureNetwork
from pipeline.evaluation.frechet import fid, fid_of_halves, halves
from pipeline.evaluation.kernel import kernel_distance
from pipeline.evaluation.manifold import manifold_figures
from pipeline.evaluation.nearest import Nearest, copy_figures, nearest_of
from pipeline.evaluation.realism import score_histogram
from pipeline.evaluation.report import timed
from pipeline.evaluation.sampling import BATCH, Sampler, latents
from pipeline.evaluation.settings import Settings, needs_features
from pipeline.evaluation.subject import untrained
from pipeline.faces.detector import Detector
from pipeline.networks.faceres import FaceEmbedder

Figures = dict[str, Any]
# An untrained network's distance is so large that a few samples measure it.
UNTRAINED_SAMPLES = 1000


@dataclass(frozen=True)
class Materials:
    """What an examination works with.

    Attributes:
        labels: of the training faces by stem of the file's name; empty where there are none.
        detector: made when it is first needed.
    """

    data: DataSet
    network: FeatureNetwork
    embedder: FaceEmbedder
    cache: FeatureCache
    labels: dict[str, dict[str, str]]
    detector: Callable[[], Detector]


@dataclass
class Findings:
    """What came out.

    Attributes:
        figures: name of a metric → its figures, plain values.
        seconds: name of a part of the work → how long it took.
        nearest: of all samples among the training faces (mirrored ones included), where it was asked for.
    """

    figures: dict[str, Figures] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    nearest: Nearest | None = None


class Examination:
    """Measures one generator.

    Args:
        sampler: of the generator.
        materials: training faces and networks.
        settings: how much.
    """

    def __init__(self, sampler: Sampler, materials: Materials, settings: Settings) -> None:
        self.sampler, self.subject = sampler, sampler.subject
        self.materials, self.settings = materials, settings
        self.predictors = outputs_of(self.subject)
        self.findings = Findings()

    def run(self) -> Findings:
        """Measure what the settings ask for, with progress on standard error."""
        metrics, figures, seconds = self.settings.metrics, self.findings.figures, self.findings.seconds
        real = np.empty((0, self.materials.network.size), np.float32)
        if needs_features(metrics):
            with timed(seconds, "training faces"):
                real = self.training_features()
        with timed(seconds, "samples"):
            generated, logits, found, predicted = self._sampled()
        with timed(seconds, "figures"):
            if needs_features(metrics):
                figures |= self._compared(real, generated, predicted)
            if "scores" in metrics:
                figures["scores"] = self._scores(logits)
        if "detected" in metrics:
            figures["detected"] = found
        if "baseline" in metrics:
            with timed(seconds, "baseline"):
                figures["baseline"] = self._baseline(real)
        if "ppl" in metrics:
            with timed(seconds, "path length"):
                figures["path_length"] = self._path_length()
        return self.findings

    def training_features(self) -> np.ndarray:
        """Of every training face; with mirror images, if asked for, behind them in the same order."""
        data, network, cache = self.materials.data, self.materials.network, self.materials.cache
        plain = cache.features(data, network, lambda: self._features(data.images, "training faces", network))
        if not self.settings.mirrored:
            return plain
        flipped = cache.features(
            data,
            network,
            lambda: self._features(data.images[:, :, ::-1], "mirrored faces", network),
            mirrored=True,
        )
        return np.concatenate([plain, flipped])

    def _features(self, images: np.ndarray, what: str, network: FeatureNetwork) -> np.ndarray:
        starts = tqdm(range(0, len(images), 128), desc=what, unit="batch", mininterval=1)
        return np.concatenate([network(images[start : start + 128]) for start in starts])

    def _sampled(self) -> tuple[np.ndarray, np.ndarray, Figures, np.ndarray]:
        """Features, logits, detections and attributes of the samples, which are not kept."""
        settings, metrics = self.settings, self.settings.metrics
        z = latents(self.sampler.generator, settings.samples, settings.seed)
        features = [np.empty((0, self.materials.network.size), np.float32)]
        logits, predicted = [np.empty(0, np.float32)], list[np.ndarray]()
        predictors = self.predictors if "attributes" in metrics else None
        confidences: list[float] = []
        looking = needs_features(metrics)
        scoring = "scores" in metrics and self.subject.discriminator is not None
        detecting = min(settings.detected_samples, settings.samples) if "detected" in metrics else 0
        detector = self.materials.detector() if detecting else None
        if not (looking or scoring):
            z = z[:detecting]
        seen = 0
        with tqdm(total=len(z), desc="samples", unit="img", mininterval=1) as bar:
            for images in self.sampler.stream(z, settings.truncation):
                if looking:
                    features.append(self.materials.network(images))
                if predictors is not None:
                    predicted.append(predictors(images))
                if scoring and len(images) == BATCH:
                    logits.append(self.sampler.scores(images))
                if detector is not None and seen < detecting:
                    confidences += [_confidence(detector, image) for image in images[: detecting - seen]]
                seen += len(images)
                bar.update(len(images))
        table = np.concatenate(predicted) if predicted else np.empty((0, 0), np.float32)
        return np.concatenate(features), np.concatenate(logits), _detected(confidences), table

    def _compared(self, real: np.ndarray, generated: np.ndarray, predicted: np.ndarray) -> dict[str, Figures]:
        settings, figures = self.settings, dict[str, Figures]()
        counts = {"samples": len(generated), "training_faces": len(real)}
        if "fid" in settings.metrics:
            figures["fid"] = {"value": fid(real, generated), **counts}
        if "kid" in settings.metrics:
            figures["kid"] = asdict(kernel_distance(real, generated, seed=settings.seed)) | counts
        if "pr" in settings.metrics:
            shuffled = np.random.default_rng(settings.seed).permutation(len(real))
            figures["precision_recall"] = asdict(manifold_figures(real[shuffled], generated))
        if "nearest" in settings.metrics:
            self.findings.nearest = nearest_of(generated, real)
            among = nearest_of(*[real[: len(self.materials.data.images)]] * 2, not_itself=True)
            figures["nearest"] = asdict(copy_figures(self.findings.nearest, among)) | counts
        if "attributes" in settings.metrics:
            figures["attributes"] = self._attributes(real, generated, predicted)
        return figures

    def _attributes(self, real: np.ndarray, generated: np.ndarray, predicted: np.ndarray) -> Figures:
        data, labels, predictors = self.materials.data, self.materials.labels, self.predictors
        if predictors is not None:
            known = self.materials.cache.features(
                data, predictors, lambda: self._features(data.images, "attributes", predictors)
            )
            spreads = predictors.spreads(known, predicted, self.subject.reliability)
        elif labels:
            spreads = attribute_spread(
                data.names, real[: len(data.images)], generated, labels, seed=self.settings.seed
            )
        else:
            return {
                "absent": f"the bundle has no attribute models, the training faces no {LABELS}: there is "
                "nothing to judge by"
            }
        return {name: asdict(spread) for name, spread in spreads.items()}

    def _scores(self, logits: np.ndarray) -> Figures:
        if self.subject.discriminator is None:
            return {"absent": "this bundle has no discriminator"}
        shuffled = np.random.default_rng(self.settings.seed).permutation(len(self.materials.data.images))
        real = self.sampler.scores(self.materials.data.images[shuffled[: max(len(logits), BATCH)]])
        if not len(real) or not len(logits):
            return {"absent": f"the discriminator judges batches of {BATCH}; there are not so many pictures"}
        return asdict(score_histogram(real, logits)) | {"batch": BATCH}

    def _baseline(self, real: np.ndarray) -> Figures:
        """What makes a distance readable: the least and the most to expect."""
        settings = self.settings
        plain = real[: len(self.materials.data.images)]
        least = fid_of_halves(plain, seed=settings.seed)
        shared = manifold_figures(*halves(plain, seed=settings.seed))
        sampler = Sampler(untrained(self.subject, seed=settings.seed))
        z = latents(sampler.generator, min(settings.samples, UNTRAINED_SAMPLES), settings.seed)
        batches = tqdm(
            sampler.stream(z), desc="untrained", total=-(-len(z) // BATCH), unit="batch", mininterval=1
        )
        apart = fid(real, np.concatenate([self.materials.network(images) for images in batches]))
        return {
            "halves": least,
            "halves_precision": shared.precision,
            "halves_recall": shared.recall,
            "untrained": apart,
            "untrained_samples": len(z),
            "bound": 2.0 * least + 0.1 * apart,
        }

    def _path_length(self) -> Figures:
        generator, settings = self.sampler.generator, self.settings
        distance = perceptual.PictureDistance(generator, self.materials.embedder, BATCH)
        figures: Figures = {"distance": perceptual.DESCRIPTION, "epsilon": path_length.EPSILON}
        for space in path_length.SPACES:
            for sampling in path_length.SAMPLINGS:
                lengths = path_length.path_lengths(
                    self.sampler.codes,
                    distance,
                    z_dim=generator.config.z_dim,
                    space=space,
                    sampling=sampling,
                    samples=settings.path_samples,
                    batch=BATCH,
                    seed=settings.seed,
                )
                total = -(-settings.path_samples // BATCH)
                bar = tqdm(
                    lengths, desc=f"path length {space} {sampling}", total=total, unit="batch", mininterval=1
                )
                figures[f"{space}_{sampling}"] = asdict(path_length.summarised(np.concatenate(list(bar))))
        return figures


def _confidence(detector: Detector, image: np.ndarray) -> float:
    """Of the surest face in a picture; 0 where there is none."""
    return max((face.confidence for face in detector.detect(image)), default=0.0)


def _detected(confidences: list[float]) -> Figures:
    found = np.array([confidence for confidence in confidences if confidence > 0])
    return {
        "share": len(found) / max(len(confidences), 1),
        "median_confidence": float(np.median(found)) if len(found) else None,
        "samples": len(confidences),
    }
