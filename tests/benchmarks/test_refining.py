"""How near a refinement of a minute comes to the photograph, and how near it keeps to the minute."""

import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.conf import settings

from tests.benchmarks.figures import Promise, at_most, show

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1800)]

PORTRAITS = sorted((Path(__file__).parents[1] / "fixtures" / "portraits").glob("*.jpg"))
SECONDS = 60.0


@pytest.mark.parametrize("method", ["pivotal", "alternating"])
def test_refining_for_a_minute(method: str, tmp_path: Path) -> None:
    from gpu_worker.engine import Engine, Refinement
    from gpu_worker.suspect import crop_face, find
    from pipeline.faces.detector import MTCNNDetector

    engine, detector = Engine.load(settings.LIGAN_BUNDLE), MTCNNDetector()
    over, before, after, sizes, loading = [], [], [], [], []
    for path in PORTRAITS:
        bgr = cv2.imread(str(path))
        assert bgr is not None
        rgb = np.ascontiguousarray(bgr[:, :, ::-1]).astype(np.uint8)
        crop = crop_face(rgb, find(rgb, detector), engine).image[None]
        encoded = engine.render(engine.encode(crop))
        started = time.monotonic()
        refinement = engine.refine(crop, seconds=SECONDS, method=method)
        took = time.monotonic() - started
        if refinement.notes.ended == "time":
            over.append(took - SECONDS)
        refinement.save(tmp_path / path.stem)
        started = time.monotonic()
        engine.refined(Refinement.load(tmp_path / path.stem))
        loading.append(time.monotonic() - started)
        sizes.append(len(refinement.data) / 2**20)
        refined = engine.refined(refinement).render(refinement.pivots)
        before.append(float(np.square((encoded.astype(np.float32) - crop) / 127.5).mean()))
        after.append(float(np.square((refined.astype(np.float32) - crop) / 127.5).mean()))
    if over:
        show(f"{method}: over the limit of {SECONDS:g} s", over, unit="s", promised=Promise(-1, 1))
    show(f"{method}: pixel error of the encoder", before, unit="")
    ratios = [b / a for a, b in zip(before, after, strict=True)]
    show(f"{method}: share of it that is left", ratios, unit="times", promised=at_most(0.5))
    show(f"{method}: file", sizes, unit="MiB")
    show(f"{method}: loading and putting to use", loading, unit="s", promised=at_most(1))
