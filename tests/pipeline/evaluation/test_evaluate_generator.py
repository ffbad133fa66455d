"""``python -m pipeline evaluate generator``: from a bundle to figures and a page."""

import json
from pathlib import Path
from typing import Any

import cv2
import jsonschema  # type: ignore[import-untyped]
import numpy as np
import pytest

from pipeline.__main__ import main
from pipeline.evaluation.dataset import read_data_set
from pipeline.evaluation.sampling import Sampler, latents
from pipeline.evaluation.settings import METRICS
from pipeline.evaluation.subject import from_bundle
from pipeline.networks.bundle import MANIFEST
from tests.pipeline.evaluation.pages import Page
from tests.pipeline.evaluation.report_schema import SCHEMA
from tests.pipeline.tiny_bundle import GENERATOR, RELIABILITY, tiny_attributes, write_tiny_bundle

SIDE = GENERATOR.resolution
FACES = 48


def write_faces(folder: Path, *, side: int = SIDE) -> Path:
    folder.mkdir()
    random = np.random.default_rng(0)
    for index in range(FACES):
        # Two kinds of pictures, for the labels.
        shade = 60 if index % 2 else 190
        pixels = np.clip(random.normal(shade, 20, (side, side, 3)), 0, 255).astype(np.uint8)
        assert cv2.imwrite(str(folder / f"{index:02}.png"), pixels)
    lines = [{"file": f"{i:02}.jpg", "sex": "male" if i % 2 else "female"} for i in range(FACES)]
    (folder / "labels.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_bundle(tmp_path_factory.mktemp("bundle")).bundle.folder


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_faces(tmp_path_factory.mktemp("data") / "faces")


def arguments(bundle: Path, faces: Path, out: Path, *more: object) -> list[str]:
    few = ("--samples", 32, "--path-samples", 16, "--detected-samples", 16, "--no-cache")
    given = ("evaluate", "generator", "--bundle", bundle, "--data", faces, "--out", out, *few, *more)
    return [str(argument) for argument in given]


@pytest.fixture(scope="module")
def report(
    bundle: Path, faces: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("report")
    assert main(arguments(bundle, faces, out)) == 0
    return out, json.loads((out / "report.json").read_text())


@pytest.mark.slow
class TestTheReport:
    """One report of everything, looked at from several sides."""

    def test_has_every_figure_in_the_promised_form(self, report: tuple[Path, dict[str, Any]]) -> None:
        jsonschema.validate(report[1], SCHEMA)

    def test_names_the_network_that_the_distances_depend_on(
        self, report: tuple[Path, dict[str, Any]]
    ) -> None:
        text = Page(report[0] / "index.html").text

        assert report[1]["features"]["name"] == "faceres"
        assert "FID (faceres)" in text
        assert "not Inception" in text

    def test_is_a_page_that_needs_nothing_from_outside(self, report: tuple[Path, dict[str, Any]]) -> None:
        page = Page(report[0] / "index.html")

        assert len(page.addresses) == 6
        for address in page.addresses:
            picture = cv2.imread(str(report[0] / address))
            assert picture is not None, address
        source = (report[0] / "index.html").read_text()
        assert "http" not in source
        assert "<script" not in source

    def test_shows_the_first_samples_of_the_seed(
        self, report: tuple[Path, dict[str, Any]], bundle: Path
    ) -> None:
        sampler = Sampler(from_bundle(bundle))
        first = sampler.pictures(sampler.codes(latents(sampler.generator, 10, 0)))

        sheet = cv2.imread(str(report[0] / "samples.png"))

        assert sheet is not None
        row = sheet[:SIDE, :, ::-1].reshape(SIDE, 10, SIDE, 3).transpose(1, 0, 2, 3)
        np.testing.assert_array_equal(row, first)

    def test_says_what_random_pictures_are(self, report: tuple[Path, dict[str, Any]]) -> None:
        figures = report[1]["figures"]

        assert figures["detected"]["share"] < 0.5
        assert figures["attributes"]["sex"]["accuracy"] > 0.9
        assert sum(figures["scores"]["generated"]) == 32
        # The bundle's networks are untrained themselves.
        assert figures["fid"]["value"] > figures["baseline"]["halves"]


@pytest.mark.slow
def test_only_what_is_asked_for_is_measured_and_the_same_seed_measures_the_same(
    bundle: Path, faces: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = []
    for name in ("a", "b"):
        assert main(arguments(bundle, faces, tmp_path / name, "--metrics", "pr,fid", "--json")) == 0
        figures.append(json.loads(capsys.readouterr().out)["figures"])

    assert set(figures[0]) == {"fid", "precision_recall"}
    assert figures[0] == figures[1]


@pytest.mark.slow
def test_kinds_of_people_are_told_by_the_bundles_attribute_models_where_it_has_some(
    faces: Path, tmp_path: Path
) -> None:
    models = tiny_attributes()
    bundle = write_tiny_bundle(tmp_path / "bundle", attributes=models).bundle.folder

    assert main(arguments(bundle, faces, tmp_path / "out", "--metrics", "attributes")) == 0

    kinds = json.loads((tmp_path / "out" / "report.json").read_text())["figures"]["attributes"]
    assert set(kinds) == {"sex", "age_group", "ethnicity", "hair", "beard"}
    assert kinds["sex"]["judge"] == "models"
    assert kinds["sex"]["accuracy"] == RELIABILITY["sex"].accuracy
    assert kinds["beard"]["accuracy"] is None
    sampler = Sampler(from_bundle(bundle))
    samples = sampler.pictures(sampler.codes(latents(sampler.generator, 32, 0)))
    shown = read_data_set(faces, SIDE).images
    for name, images in (("training", shown), ("samples", samples)):
        men = float((models.predict(images).celeba["Male"] >= 0.5).mean())
        assert kinds["sex"][name] == pytest.approx({"male": men, "female": 1 - men}, abs=0.05)
    assert "attribute models" in Page(tmp_path / "out" / "index.html").text


@pytest.mark.slow
def test_mirrored_faces_count_when_asked_for(bundle: Path, faces: Path, tmp_path: Path) -> None:
    assert main(arguments(bundle, faces, tmp_path, "--metrics", "fid,nearest", "--mirror")) == 0

    report = json.loads((tmp_path / "report.json").read_text())
    assert report["data"]["mirrored"] is True
    assert report["figures"]["fid"]["training_faces"] == 2 * FACES


@pytest.mark.slow
def test_a_bundle_without_a_discriminator_says_so(bundle: Path, faces: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bundle"
    bare.mkdir()
    manifest = json.loads((bundle / MANIFEST).read_text())
    manifest["files"] = {"generator.safetensors": manifest["files"]["generator.safetensors"]}
    (bare / MANIFEST).write_text(json.dumps(manifest))
    (bare / "generator.safetensors").write_bytes((bundle / "generator.safetensors").read_bytes())

    assert main(arguments(bare, faces, tmp_path / "out", "--metrics", "scores")) == 0

    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["figures"]["scores"] == {"absent": "this bundle has no discriminator"}
    assert "no discriminator" in Page(tmp_path / "out" / "index.html").text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (("--bundle", "nowhere"), "nowhere"),
        (("--data", "nowhere"), "nowhere"),
        (("--features", "vgg"), "vgg"),
        (("--features", "inception"), "--inception-weights"),
        (("--labels", "nowhere"), "nowhere"),
        (("--metrics", "fid,beauty"), "beauty"),
        (("--metrics", ","), "fid"),
        (("--samples", 1), "--samples"),
        (("--truncation", -1), "--truncation"),
        (("--seed", -1), "--seed"),
        (("--out", __file__), "--out"),
    ],
)
def test_bad_input_ends_with_status_two_and_one_line(
    bundle: Path,
    faces: Path,
    tmp_path: Path,
    changes: tuple[object, object],
    reason: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(arguments(bundle, faces, tmp_path / "out", *changes)) == 2

    said = capsys.readouterr()
    assert reason in said.err
    assert len(said.err.splitlines()) == 1
    assert said.out == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_pictures_smaller_than_the_generators_are_refused(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faces = write_faces(tmp_path / "faces", side=SIDE // 2)

    assert main(arguments(bundle, faces, tmp_path / "out")) == 2

    assert f"{SIDE // 2} pixels a side" in capsys.readouterr().err


def test_every_metric_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert all(METRICS.values())
    with pytest.raises(SystemExit):
        main(["evaluate", "generator", "--help"])

    said = " ".join(capsys.readouterr().out.split())
    assert all(f"{name}: {what}" in said for name, what in METRICS.items())
