"""``evaluate reconstruction``: three pictures of each person, a report, a page."""

import json
import shutil
from pathlib import Path

import cv2
import pytest

from pipeline.__main__ import main
from tests.pipeline.tiny_bundle import write_tiny_bundle

PORTRAITS = Path(__file__).parents[3] / "fixtures" / "portraits"
FRAMING = {"side": 1.6, "centre_y": 0.56}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small bundle that says how heads are framed."""
    folder = tmp_path_factory.mktemp("bundle")
    write_tiny_bundle(folder)
    manifest = json.loads((folder / "bundle.json").read_text())
    (folder / "bundle.json").write_text(json.dumps({**manifest, "framing": FRAMING}))
    return folder


@pytest.fixture(scope="module")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One portrait, a picture without a face, and a file that is no picture."""
    folder = tmp_path_factory.mktemp("photographs")
    shutil.copy(PORTRAITS / "60003_1.jpg", folder / "anna.jpg")
    bgr = cv2.imread(str(PORTRAITS / "60003_1.jpg"))
    assert bgr is not None
    cv2.imwrite(str(folder / "wall.png"), bgr[:60, :60] // 8)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8 no picture")
    return folder


@pytest.fixture(scope="module")
def out(bundle: Path, photographs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command wrote."""
    folder = tmp_path_factory.mktemp("out")
    words = ["evaluate", "reconstruction", "--bundle", bundle, "--photos", photographs, "--out", folder]
    sizes = ["--seconds", "60", "--faces", "64", "--clock", "cpu"]
    assert main([*map(str, words), *sizes]) == 0
    return folder


@pytest.mark.slow
def test_each_person_has_three_pictures(out: Path) -> None:
    for kind in ("input", "encoded", "refined"):
        picture = cv2.imread(str(out / f"anna_{kind}.png"))
        assert picture is not None
        assert picture.shape == (16, 16, 3)


@pytest.mark.slow
def test_the_report_says_how_near_and_what_it_cost_others(out: Path) -> None:
    report = json.loads((out / "report.json").read_text())
    anna = report["people"]["anna"]
    assert anna["after"]["pixel_mse"] < anna["before"]["pixel_mse"]
    assert anna["targets"]["pixel_mse_ratio"] == pytest.approx(
        anna["after"]["pixel_mse"] / anna["before"]["pixel_mse"]
    )
    assert {"ssim", "feature_distance", "identity"} <= anna["after"].keys()
    assert 0.0 <= anna["others"]["realism"] <= 1.0
    assert report["mean"]["after"] == anna["after"]
    assert anna["refinement"]["bundle"] == report["bundle"]["digest"]


@pytest.mark.slow
def test_pictures_without_a_face_are_named(out: Path) -> None:
    without = json.loads((out / "report.json").read_text())["without_a_face"]
    assert without.keys() == {"wall.png", "broken.jpg"}


@pytest.mark.slow
def test_the_page_shows_what_the_report_says(out: Path) -> None:
    page = (out / "index.html").read_text()
    assert "anna" in page
    assert "not measured (--path-length)" in page
    assert "reconstructions-1.png" in page
    assert (out / "reconstructions-1.png").is_file()


@pytest.mark.parametrize(
    "words",
    [
        ["--seconds", "0"],
        ["--method", "magic"],
        ["--faces", "0"],
        ["--photos", "/nowhere"],
        ["--path-samples", "16"],
        ["--path-length", "--path-samples", "0"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_refused(
    words: list[str], bundle: Path, photographs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["evaluate", "reconstruction", "--bundle", bundle, "--photos", photographs, "--out", tmp_path]
    assert main([*map(str, given), *words]) == 2
    assert capsys.readouterr().err.count("\n") == 1
