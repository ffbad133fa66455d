"""``python -m pipeline evaluate attributes``: from labelled heads and models to figures and a page."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from pipeline.__main__ import main
from pipeline.attributes import CELEBA, describe
from pipeline.evaluation.annotation.records import read_records
from pipeline.training.attributes.heads import is_held_out
from pipeline.training.attributes.pictures import Pictures
from tests.pipeline.evaluation.pages import Page
from tests.pipeline.tiny_bundle import tiny_attributes, write_tiny_bundle

pytestmark = pytest.mark.slow

HEADS = 60
GENERATED = 40


def label(number: int) -> dict[str, Any]:
    return {
        "file": f"{number}.jpg",
        "sex": "male" if number % 3 else "female",
        "age_years": 20.0 + number % 50,
        "eth": ("white", "black", "east_asian")[number % 3],
        "haircolor": ("black", "blond", "red")[number % 3],
        "grey": 0.0,
        "hairstyle": "bald" if number % 7 == 0 else "crop",
        "facial": "none" if number % 2 else "full_beard",
        "rec": 0.0,
        "weight": 0.5,
    }


@pytest.fixture(scope="module")
def heads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("heads")
    random = np.random.default_rng(0)
    for number in range(HEADS):
        pixels = random.integers(0, 256, (16, 16, 3), np.uint8)
        assert cv2.imwrite(str(folder / f"{number}.png"), pixels)
    lines = [json.dumps(label(number)) + "\n" for number in range(HEADS)]
    (folder / "labels.jsonl").write_text("".join(lines))
    return folder


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    return write_tiny_bundle(folder, attributes=tiny_attributes()).bundle.folder


def evaluate(heads: Path, out: Path, *more: object) -> int:
    given = ("evaluate", "attributes", "--data", heads, "--out", out, "--generated", GENERATED, *more)
    return main([str(argument) for argument in given])


@pytest.fixture(scope="module")
def report(
    bundle: Path, heads: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("report")
    assert evaluate(heads, out, "--bundle", bundle) == 0
    return out, json.loads((out / "report.json").read_text())


class TestTheReport:
    """One report, looked at from several sides."""

    def test_measures_only_heads_that_nothing_was_taught_with(
        self, report: tuple[Path, dict[str, Any]]
    ) -> None:
        held_out = [number for number in range(HEADS) if is_held_out(f"{number}.png")]

        assert report[1]["data"]["faces"] == len(held_out)
        assert report[1]["traits"]["sex"]["accuracy"]["pictures"] == len(held_out)

    def test_figures_are_those_of_the_models_predictions(
        self, report: tuple[Path, dict[str, Any]], heads: Path
    ) -> None:
        held_out = [number for number in range(HEADS) if is_held_out(f"{number}.png")]
        # The bundle keeps weights as float16, which these figures do not notice.
        said = tiny_attributes().predict(Pictures([heads / f"{n}.png" for n in held_out], 16)[np.arange(6)])
        right = [describe(said, i)["sex"].value == label(n)["sex"] for i, n in enumerate(held_out)]
        beards = [describe(said, i)["beard"].value != (n % 2 == 1) for i, n in enumerate(held_out)]

        traits = report[1]["traits"]
        assert traits["sex"]["accuracy"]["value"] == pytest.approx(np.mean(right))
        assert traits["beard"]["accuracy"]["value"] == pytest.approx(np.mean(beards))
        women = [one for one, n in zip(right, held_out, strict=True) if label(n)["sex"] == "female"]
        assert traits["sex"]["by_group"]["sex"]["female"]["value"] == pytest.approx(np.mean(women))

    def test_every_face_is_in_each_matrix_once(self, report: tuple[Path, dict[str, Any]]) -> None:
        for trait in report[1]["traits"].values():
            assert np.sum(trait["confusion"]) == trait["accuracy"]["pictures"]
            diagonal = np.trace(trait["confusion"]) / trait["accuracy"]["pictures"]
            assert diagonal == pytest.approx(trait["accuracy"]["value"])

    def test_counts_attributes_of_the_data_and_of_generated_faces(
        self, report: tuple[Path, dict[str, Any]]
    ) -> None:
        data, generated = report[1]["histograms"]

        assert (data["faces"], generated["faces"]) == (HEADS, GENERATED)
        rows = read_records(report[0] / "generated.jsonl").rows
        assert generated["counts"]["Male"] == sum(row["traits"]["sex"] == "male" for row in rows)
        for histogram in (data, generated):
            ages = sum(n for name, n in histogram["counts"].items() if name.startswith("age "))
            assert ages == histogram["faces"]

    def test_is_a_page_with_tables_and_drawings_that_needs_nothing_from_outside(
        self, report: tuple[Path, dict[str, Any]]
    ) -> None:
        source = (report[0] / "index.html").read_text()
        page = Page(report[0] / "index.html")

        assert "http" not in source
        assert "<script" not in source
        assert source.count("confusion matrix") == 3
        for words in ("Precision", "Recall", "by ethnicity", "No real person", "generated faces (of 40)"):
            assert words in page.text
        for address in page.addresses:
            assert cv2.imread(str(report[0] / address)) is not None

    def test_shows_the_faces_that_the_models_are_wrong_about(
        self, report: tuple[Path, dict[str, Any]], heads: Path
    ) -> None:
        wrong = [
            key
            for key in ("sex", "age_group", "ethnicity", "hair", "beard")
            if report[1]["traits"][key]["accuracy"]["value"] < 1
        ]

        assert wrong
        for key in wrong:
            assert (report[0] / f"mistakes-{key}.png").is_file()


def test_an_ended_run_goes_on_with_the_generated_faces(
    report: tuple[Path, dict[str, Any]], bundle: Path, heads: Path, tmp_path: Path
) -> None:
    lines = (report[0] / "generated.jsonl").read_bytes().splitlines(keepends=True)
    marked = lines[1].replace(b'"id": "0:0"', b'"id": "0:kept"')
    (tmp_path / "generated.jsonl.partial").write_bytes(b"".join([lines[0], marked, *lines[2:33]]))

    assert evaluate(heads, tmp_path, "--bundle", bundle) == 0

    assert read_records(tmp_path / "generated.jsonl").rows[0]["id"] == "0:kept"
    again = json.loads((tmp_path / "report.json").read_text())
    assert again["histograms"] == report[1]["histograms"]


def test_without_generated_faces_only_the_data_is_counted(
    bundle: Path, heads: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(heads, tmp_path, "--bundle", bundle, "--generated", 0, "--data-faces", 20, "--json") == 0

    printed = json.loads(capsys.readouterr().out)
    assert [(one["what"], one["faces"]) for one in printed["histograms"]] == [("data", 20)]
    assert not (tmp_path / "generated.jsonl").exists()


def test_celeba_as_it_is_published_is_measured_on_its_test_pictures(bundle: Path, tmp_path: Path) -> None:
    data, out, random = tmp_path / "celeba", tmp_path / "out", np.random.default_rng(2)
    (data / "img_align_celeba").mkdir(parents=True)
    names = [f"{number:06}.jpg" for number in range(1, 13)]
    rows = []
    for number, name in enumerate(names):
        pixels = random.integers(0, 256, (218, 178, 3), np.uint8)
        assert cv2.imwrite(str(data / "img_align_celeba" / name), pixels)
        rows.append(f"{name} " + " ".join("1" if (number + k) % 2 else "-1" for k in range(len(CELEBA))))
    listed = f"{len(names)}\n{' '.join(CELEBA)}\n" + "\n".join(rows) + "\n"
    (data / "list_attr_celeba.txt").write_text(listed)
    parts = [f"{name} {0 if number < 4 else 1 if number < 6 else 2}\n" for number, name in enumerate(names)]
    (data / "list_eval_partition.txt").write_text("".join(parts))

    assert evaluate(data, out, "--bundle", bundle, "--layout", "celeba", "--generated", 0) == 0

    report = json.loads((out / "report.json").read_text())
    assert report["data"]["measured_on"] == "CelebA's test pictures"
    assert (report["data"]["faces"], report["histograms"][0]["faces"]) == (6, 12)
    # Table 5.4 has the labels that the models carry; every second face is a man's.
    assert set(report["labels"]) == {"Black_Hair", "Blond_Hair", "Male", "No_Beard"}
    assert report["labels"]["Male"]["positives"] == 3
    assert "ethnicity" not in report["traits"]
    assert "photographs of people" in Page(out / "index.html").text


def test_faces_without_labels_are_counted_and_can_be_asked_later(
    bundle: Path, heads: Path, tmp_path: Path
) -> None:
    out, folder = tmp_path / "out", tmp_path / "faces"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.png").write_bytes((heads / f"{number}.png").read_bytes())
    (folder / "5.png").write_bytes(b"not a picture")
    given = ("evaluate", "attributes", "--bundle", bundle, "--faces", folder, "--generated", 0, "--out", out)

    assert main([str(argument) for argument in given]) == 0

    report = json.loads((out / "report.json").read_text())
    assert (report["data"], report["traits"]) == (None, {})
    assert [one["faces"] for one in report["histograms"]] == [5]
    assert [row["id"] for row in read_records(out / "data.jsonl").rows] == [f"{n}.png" for n in range(6)]
    assert "No labels were given" in Page(out / "index.html").text


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ((), "no attribute models"),
        (("--bundle", "nowhere"), "nowhere"),
        (("--celeba", "nowhere"), "nowhere"),
        (("--bundle", "BUNDLE", "--data", "nowhere"), "nowhere"),
        (("--bundle", "BUNDLE", "--labels", "nowhere"), "nowhere"),
        (("--bundle", "BUNDLE", "--faces", "nowhere"), "nowhere"),
        (("--bundle", "BUNDLE", "--layout", "celeba"), "list_attr_celeba.txt"),
        (("--bundle", "BUNDLE", "--layout", "celeba", "--labels", "some"), "--labels"),
        (("--bundle", "BUNDLE", "--generated", -1), "--generated"),
        (("--bundle", "BUNDLE", "--truncation", 3), "--truncation"),
        (("--bundle", "BUNDLE", "--seed", -1), "--seed"),
        (("--bundle", "BUNDLE", "--out", __file__), "--out"),
    ],
)
def test_bad_input_ends_with_status_two_and_one_line(
    bundle: Path,
    heads: Path,
    tmp_path: Path,
    more: tuple[object, ...],
    reason: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = [bundle if argument == "BUNDLE" else argument for argument in more]

    assert evaluate(heads, tmp_path / "out", *given) == 2

    said = capsys.readouterr()
    assert reason in said.err
    assert len(said.err.splitlines()) == 1
    assert said.out == ""
    assert not (tmp_path / "out").exists()
