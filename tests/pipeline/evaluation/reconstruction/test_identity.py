"""The embedder that no loss has seen tells people apart."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.evaluation.photographs import head
from pipeline.evaluation.reconstruction.identity import NoEmbedder, UnseenEmbedder
from pipeline.faces.detector import MTCNNDetector
from pipeline.faces.framing import HEAD
from pipeline.identity import unseen
from pipeline.networks.faceres import Frame

PORTRAITS = Path(__file__).parents[3] / "fixtures" / "portraits"
BOX = Frame(left=0.5 - 0.5 / HEAD.side, top=HEAD.centre_y - 0.5 / HEAD.side, side=1 / HEAD.side)


@pytest.fixture(scope="module")
def portraits() -> dict[str, np.ndarray]:
    """Two photographs of one person, and one each of two others, by name: uint8 (128, 128, 3)."""
    detector, found = MTCNNDetector(), {}
    for path in sorted(PORTRAITS.glob("*.jpg")):
        bgr = cv2.imread(str(path))
        assert bgr is not None
        found[path.stem] = head(np.ascontiguousarray(bgr[:, :, ::-1]), detector, HEAD, 128)
    return found


@pytest.mark.slow
def test_a_person_is_more_like_herself_than_like_others(portraits: dict[str, np.ndarray]) -> None:
    embedder = UnseenEmbedder(BOX)
    first = portraits["60003_1"][None]
    same, *others = (
        embedder.similarity(first, portraits[name][None])[0] for name in ("60003_2", "60004_2", "60005_1")
    )
    assert same > max(others) + 0.1


@pytest.mark.slow
def test_the_same_picture_is_the_same_person(portraits: dict[str, np.ndarray]) -> None:
    faces = np.stack([*portraits.values()])
    np.testing.assert_allclose(UnseenEmbedder(BOX).similarity(faces, faces), 1.0)


def test_without_its_packages_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unseen, "MODELS", "nobody_installs_this")
    with pytest.raises(NoEmbedder, match="pip install dlib-bin face-recognition-models"):
        UnseenEmbedder(BOX)
