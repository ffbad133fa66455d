"""`evaluate neighbours` says how the fillers of every suspect are, in JSON and with pictures."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from pipeline.__main__ import main
from pipeline.evaluation.fillers import running
from pipeline.faces.detector import Detection, Image
from tests.pipeline.evaluation.pages import Page
from tests.pipeline.tiny_bundle import tiny_attributes, with_band, write_tiny_bundle

HEADS = Path(__file__).parents[2] / "fixtures" / "heads"


class InTheMiddle:
    """A detector for pictures that were cut out around the face; in a picture of one grey, none is found."""

    def detect(self, rgb: Image) -> list[Detection]:
        side = rgb.shape[0]
        box = (side // 5, side // 5, side * 3 // 5, side * 3 // 5)
        return [Detection(box, 0.99)] if rgb.std() > 0 else []


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an evaluation of two suspects."""
    place = tmp_path_factory.mktemp("evaluation")
    bundle = with_band(write_tiny_bundle(place / "bundle", attributes=tiny_attributes()).bundle)
    photos, training = place / "photos", place / "training"
    photos.mkdir()
    for file in sorted(HEADS.glob("*.jpg"))[:2]:
        (photos / file.name).write_bytes(file.read_bytes())
    cv2.imwrite(str(photos / "nobody.png"), np.full((64, 64, 3), 128, np.uint8))
    training.mkdir()
    random = np.random.default_rng(0)
    for number in range(8):
        cv2.imwrite(str(training / f"{number}.png"), random.integers(0, 256, (16, 16, 3)).astype(np.uint8))
    asked = ["evaluate", "neighbours", "--bundle", str(bundle.folder), "--photos", str(photos)]
    asked += ["--training-faces", str(training), "--pages", "2", "--count", "3", "--out", str(place / "out")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "MTCNNDetector", InTheMiddle)
        patch.setenv("XDG_CACHE_HOME", str(place / "cache"))
        assert main([*asked, "--json"]) == 0
    return place / "out"


@pytest.fixture(scope="module")
def report(out: Path) -> dict[str, Any]:
    """Its JSON."""
    found: dict[str, Any] = json.loads((out / "report.json").read_text())
    return found


def test_every_suspect_has_figures_of_every_page(report: dict[str, Any]) -> None:
    assert len(report["suspects"]) == 2
    for one in report["suspects"]:
        assert [page["found"] for page in one["pages"]] == [3, 3]
        for page in one["pages"]:
            low, high = page["similarity_range"]
            assert low <= page["similarity"] <= high
            assert page["in_band"] == 1.0
            assert page["realism"]["least"] >= 0.5
            assert page["pairs"]["highest"] < one["band"][1]
            assert -1 <= page["nearest_training_face"]["highest"] <= 1
        assert one["seconds"] > 0


def test_locks_are_measured_by_how_many_faces_agree(report: dict[str, Any]) -> None:
    for one in report["suspects"]:
        assert set(one["locked"]["values"]) == {"sex", "age_group", "ethnicity", "hair", "beard", "baldness"}
        assert one["locked"]["agreement"] is None or set(one["locked"]["agreement"].values()) == {1.0}


def test_the_mean_is_over_all_suspects(report: dict[str, Any]) -> None:
    first = [one["pages"][0]["similarity"] for one in report["suspects"]]

    assert report["mean"]["pages"][0]["similarity"] == pytest.approx(np.mean(first))
    assert report["mean"]["of"] == 2
    assert 0 <= report["mean"]["falls"] <= 2


def test_a_photograph_that_cannot_be_used_is_named_with_the_reason(report: dict[str, Any]) -> None:
    assert list(report["refused"]) == ["nobody.png"]
    assert "No face" in report["refused"]["nobody.png"]


def test_the_page_shows_every_suspect_and_fetches_nothing(out: Path, report: dict[str, Any]) -> None:
    page = Page(out / "index.html")

    for one in report["suspects"]:
        assert f"suspect-{one['name']}.png" in page.addresses
        sheet = cv2.imread(str(out / f"suspect-{one['name']}.png"))
        assert sheet is not None
        assert sheet.shape == (16 * 4, 16 * 3, 3)
    assert all((out / address).is_file() for address in page.addresses)


@pytest.mark.parametrize("wrong", [["--pages", "0"], ["--seed", "-1"], ["--photos", "nowhere"]])
def test_what_cannot_be_evaluated_is_refused(
    tmp_path: Path, wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        "evaluate",
        "neighbours",
        "--bundle",
        "b",
        "--photos",
        str(tmp_path),
        "--out",
        str(tmp_path / "o"),
    ]

    assert main([*asked, *wrong]) == 2
    assert capsys.readouterr().err.startswith("error: ")
