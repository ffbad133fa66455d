"""``evaluate reconstruction``, from its arguments to the files."""

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

import keras

from pipeline.command_line import BadInput
from pipeline.evaluation.reconstruction.examining import Examination
from pipeline.evaluation.reconstruction.figures import Comparison
from pipeline.evaluation.reconstruction.identity import NoEmbedder, UnseenEmbedder
from pipeline.evaluation.reconstruction.others import Bystanders
from pipeline.evaluation.reconstruction.photographs import portraits_in
from pipeline.evaluation.reconstruction.report import report_of, write_report
from pipeline.evaluation.subject import from_bundle
from pipeline.faces.detector import MTCNNDetector
from pipeline.networks.bundle import Bundle, BundleError
from pipeline.networks.faceres import FaceEmbedder, Frame
from pipeline.refinement import Networks

Clock = Literal["wall", "cpu"]
CLOCKS: Final = {"wall": time.monotonic, "cpu": time.process_time}


@dataclass(frozen=True)
class Settings:
    """What is asked for.

    Attributes:
        seconds: time limit of each refinement.
        method: by which it is done.
        faces: random faces that are judged before and after.
        ways: of which the path length is the mean.
        seed: of those.
        clock: "wall", or "cpu", the time that the process computes: on a machine that others use too, that is
            what the refinement would have had alone on one core.
    """

    seconds: float
    method: str
    faces: int
    ways: int
    seed: int
    clock: Clock


def evaluate_reconstruction(
    bundle_folder: Path, photographs: Path, settings: Settings, out: Path
) -> tuple[dict[str, Any], str | None]:
    """Examine the photographs of a folder, write the report into ``out``.

    Returns:
        The report; and what could not be measured, if anything.

    Raises:
        BadInput: the bundle or the photographs cannot be used.
    """
    keras.config.set_dtype_policy("float32")
    try:
        bundle = Bundle.open(bundle_folder)
        networks = Networks.of(bundle)
    except BundleError as error:
        raise BadInput(f"{bundle_folder}: {error}.") from error
    framing, side = bundle.manifest["framing"], bundle.resolution
    portraits, without = portraits_in(photographs, MTCNNDetector(), framing, side)
    unseen, lacking = _unseen(framing)
    embedder = FaceEmbedder.load()
    bystanders = Bystanders(
        from_bundle(bundle_folder), embedder, faces=settings.faces, ways=settings.ways, seed=settings.seed
    )
    examination = Examination(
        networks, Comparison(embedder, unseen), bystanders, clock=CLOCKS[settings.clock]
    )
    examined = list(examination.of(portraits, method=settings.method, seconds=settings.seconds))
    facts = {"name": bundle.manifest["name"], "digest": bundle.digest, "resolution": side}
    report = report_of(examined, without, bundle=facts, settings=asdict(settings))
    write_report(out, report, examined)
    return report, lacking


def _unseen(framing: dict[str, float] | None) -> tuple[UnseenEmbedder | None, str | None]:
    if framing is None:
        return None, "identity was not measured: where the face lies is known of framed heads alone"
    # The detector's box itself.
    side = 1.0 / framing["side"]
    frame = Frame(left=0.5 - side / 2, top=framing["centre_y"] - side / 2, side=side)
    try:
        return UnseenEmbedder(frame), None
    except NoEmbedder as error:
        return None, f"identity was not measured: {error}"
