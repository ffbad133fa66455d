"""``annotate`` and ``query``: from a bundle and faces to a file, and from a question to faces."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import tensorflow as tf

from pipeline.__main__ import main
from pipeline.attributes import describe
from pipeline.dataset.build.tfrecord_output import example
from pipeline.evaluation.annotation.records import Row, partial_of, read_records
from pipeline.evaluation.annotation.scale import Company, company_of
from pipeline.evaluation.annotation.served import Served
from pipeline.evaluation.realism import judge_of
from pipeline.evaluation.sampling import Sampler, latents
from pipeline.evaluation.subject import from_bundle
from pipeline.faces.photo import Photo
from pipeline.networks.bundle import Bundle, amend, write_parts
from tests.pipeline.tiny_bundle import tiny_attributes, with_band, write_tiny_bundle

pytestmark = pytest.mark.slow

FACES = 70


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    return write_tiny_bundle(folder, attributes=tiny_attributes()).bundle.folder


def annotate(bundle: Path, out: Path, *more: object) -> int:
    return main([str(argument) for argument in ("annotate", "--bundle", bundle, "--out", out, *more)])


@pytest.fixture(scope="module")
def made(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "faces.jsonl"
    assert annotate(bundle, out, "--generate", FACES, "--seed", 5) == 0
    return out


def test_each_face_has_what_the_models_say_of_it(bundle: Path, made: Path) -> None:
    sampler = Sampler(from_bundle(bundle))
    models = sampler.subject.attributes
    assert models is not None
    images = sampler.pictures(sampler.codes(latents(sampler.generator, FACES, 5)))
    said, logits = models.predict(images), judge_of(sampler).logits(images)

    rows = read_records(made).rows

    assert [row["id"] for row in rows] == [f"5:{number}" for number in range(FACES)]
    for number in (0, 31, 32, FACES - 1):
        row, expected = rows[number], describe(said, number)
        assert row["traits"]["sex"] == expected["sex"].value
        assert row["traits"]["age_group"] == expected["age_group"].value
        assert row["traits"]["beard"] == ("yes" if expected["beard"].value else "no")
        assert row["probabilities"] == pytest.approx(
            {name: float(values[number]) for name, values in said.columns().items()}, abs=1e-5
        )
        assert row["logit"] == pytest.approx(float(logits[number]), abs=1e-4)


def test_the_scale_of_realism_is_in_the_file(made: Path) -> None:
    records = read_records(made)
    scale = np.array(records.head["realism"]["logits"])

    assert len(scale) == 1000
    for row in records.rows:
        below, same = (scale < row["logit"]).mean(), (scale == row["logit"]).mean()
        assert row["realism"] == pytest.approx(below + same / 2, abs=1e-3)


@pytest.fixture(scope="module")
def banded(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A bundle with a band, whose company is not the one that would be made."""
    folder = tmp_path_factory.mktemp("banded")
    bundle = with_band(write_tiny_bundle(folder, attributes=tiny_attributes()).bundle)
    band = bundle.band()
    assert band is not None
    return amend(bundle, {"band": replace(band, company=255 - band.company).arrays()}, {}, folder)


@pytest.fixture(scope="module")
def framed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch of pictures and two more."""
    folder, random = tmp_path_factory.mktemp("framed"), np.random.default_rng(0)
    for number in range(34):
        picture = random.integers(0, 256, (16, 16, 3), np.uint8)
        assert cv2.imwrite(str(folder / f"{number}.png"), picture)
    return folder


def ranked(row: Row, scale: list[float]) -> bool:
    """Whether a row's realism is the rank of its logit, as far as they are written down."""
    low, high = (np.mean(np.array(scale) < row["logit"] + step) for step in (-2e-5, 2e-5))
    return bool(low - 1e-4 <= row["realism"] <= high + 1e-4)


def test_the_scale_of_a_bundle_with_a_band_is_the_bands(banded: Bundle, tmp_path: Path) -> None:
    out, band = tmp_path / "faces.jsonl", banded.band()
    assert band is not None

    assert annotate(banded.folder, out, "--generate", 5) == 0

    records = read_records(out)
    assert records.head["realism"]["company"] == "band"
    np.testing.assert_allclose(records.head["realism"]["logits"], band.logits, atol=1e-5)
    assert all(ranked(row, records.head["realism"]["logits"]) for row in records.rows)


def test_a_file_begun_before_bands_were_used_goes_on_with_its_own_scale_and_company(
    banded: Bundle, framed: Path, tmp_path: Path
) -> None:
    out, served = tmp_path / "faces.jsonl", Served.of(banded)
    assert annotate(banded.folder, out, framed) == 0
    head, *rows = [json.loads(line) for line in out.read_text().splitlines()]
    out.unlink()
    before: Row = {"truncation": 1.0, "logits": [-7.0, 0.0, 7.0]}
    head["realism"] = before
    partial_of(out).write_text("".join(json.dumps(line) + "\n" for line in (head, *rows[:32])))

    assert annotate(banded.folder, out, framed) == 0

    def logit(row: Row, company: Company) -> float:
        picture = cv2.imread(str(framed / row["id"]))
        assert picture is not None
        return float(served.networks.logits(picture[None, :, :, ::-1], company_of(served, company))[0])

    records = read_records(out)
    assert records.head["realism"] == before
    assert records.rows[:32] == rows[:32]
    for row in records.rows[32:]:
        assert row["logit"] == pytest.approx(logit(row, "made"), abs=1e-5)
        assert row["logit"] != pytest.approx(logit(row, "band"), abs=1e-5)
        assert ranked(row, before["logits"])


@pytest.mark.parametrize("scale", [None, {}, [1.0], {"truncation": 1.0, "logits": ["high"]}])
def test_an_unfinished_file_without_a_scale_is_not_gone_on_with(
    bundle: Path, made: Path, tmp_path: Path, scale: object, capsys: pytest.CaptureFixture[str]
) -> None:
    out, lines = tmp_path / "faces.jsonl", made.read_text().splitlines(keepends=True)
    head = json.dumps({**json.loads(lines[0]), "realism": scale}) + "\n"
    partial_of(out).write_text("".join([head, *lines[1:40]]))

    assert annotate(bundle, out, "--generate", FACES, "--seed", 5) == 2

    assert "no scale of realism" in capsys.readouterr().err
    assert not out.exists()


def test_annotating_with_a_bundle_loads_neither_keras_nor_tensorflow(
    banded: Bundle, framed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "faces.jsonl"
    portrait = "tests/fixtures/portraits/60003_1.jpg"
    given = ["annotate", str(framed), portrait, "--crop", "--bundle", str(banded.folder), "--out", str(out)]
    program = f"""
import sys
from pipeline.__main__ import main
status = main({given!r})
print(status, *sorted({{"keras", "tensorflow", "openvino"}} & sys.modules.keys()))
"""

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)

    assert done.stdout.splitlines()[-1] == "0 openvino"
    assert read_records(out).rows[-1]["traits"]
    assert "realism" in read_records(out).rows[-1]


def test_an_ended_run_goes_on_and_gives_the_same_file(bundle: Path, made: Path, tmp_path: Path) -> None:
    out, whole = tmp_path / "faces.jsonl", made.read_bytes()
    lines = whole.splitlines(keepends=True)
    # As a kill leaves it: a batch and a half, and half a line. The second face says who wrote it.
    marked = lines[1].replace(b'"id": "5:0"', b'"id": "5:kept"')
    partial_of(out).write_bytes(b"".join([lines[0], marked, *lines[2:50]]) + lines[50][:40])

    assert annotate(bundle, out, "--generate", FACES, "--seed", 5) == 0

    assert not partial_of(out).exists()
    assert out.read_bytes() == whole.replace(b'"id": "5:0"', b'"id": "5:kept"')


def test_a_run_that_is_killed_loses_nothing_that_was_written(bundle: Path, tmp_path: Path) -> None:
    out, wanted = tmp_path / "faces.jsonl", 20_000
    command = [sys.executable, "-m", "pipeline", "annotate", "--bundle", str(bundle), "--out", str(out)]
    with subprocess.Popen([*command, "--generate", str(wanted)], stderr=subprocess.DEVNULL) as process:
        while not partial_of(out).exists() or partial_of(out).read_bytes().count(b"\n") < 100:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    written = partial_of(out).read_bytes().splitlines(keepends=True)[:97]
    # Only so many are still to be made that the test ends soon.
    assert not out.exists()
    assert json.loads(written[0])["source"]["count"] == wanted
    assert [json.loads(line)["id"] for line in written[1:]] == [f"0:{number}" for number in range(96)]


def test_a_complete_file_is_left_as_it_is(bundle: Path, made: Path) -> None:
    before = made.read_bytes(), made.stat().st_mtime_ns

    assert annotate(bundle, made, "--generate", FACES, "--seed", 5) == 0

    assert (made.read_bytes(), made.stat().st_mtime_ns) == before


def test_a_file_of_other_faces_is_not_overwritten(
    bundle: Path, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = made.read_bytes()

    assert annotate(bundle, made, "--generate", FACES, "--seed", 6) == 2

    assert "other source" in capsys.readouterr().err
    assert made.read_bytes() == before


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    random = np.random.default_rng(0)
    (folder / "below").mkdir()
    for name, shape in (("1.png", (16, 16)), ("below/3.png", (40, 40)), ("4.png", (20, 16))):
        assert cv2.imwrite(str(folder / name), random.integers(0, 256, (*shape, 3), np.uint8))
    (folder / "2.jpg").write_bytes(b"not a picture")
    return folder


@pytest.fixture(scope="module")
def found(bundle: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("found") / "faces.jsonl"
    assert annotate(bundle, out, folder) == 0
    return out


def test_a_picture_that_cannot_be_used_is_a_row_with_the_reason(found: Path) -> None:
    rows = {row["id"]: row for row in read_records(found).rows}

    assert set(rows) == {"1.png", "2.jpg", "4.png", "below/3.png"}
    assert {name for name, row in rows.items() if "problem" in row} == {"2.jpg", "4.png"}
    assert "not square" not in rows["4.png"]["problem"]
    assert "--crop" in rows["4.png"]["problem"]
    assert rows["below/3.png"]["traits"]


def test_a_built_data_set_is_annotated_by_the_names_of_its_photographs(bundle: Path, tmp_path: Path) -> None:
    built, out, random = tmp_path / "built", tmp_path / "faces.jsonl", np.random.default_rng(1)
    built.mkdir()
    pictures = [random.integers(0, 256, (16, 16, 3), np.uint8) for _ in range(40)]
    for shard in range(2):
        with tf.io.TFRecordWriter(str(built / f"faces-{shard:05}.tfrecord")) as writer:
            for number in range(20 * shard, 20 * shard + 20):
                writer.write(example(Photo(pictures[number], f"person/{number}.jpg", "rgb")))

    assert annotate(bundle, out, built) == 0
    assert query(out, "realism at least 0", "--limit", 3, "--out", tmp_path / "found") == 0

    assert [row["id"] for row in read_records(out).rows] == [f"person/{number}.jpg" for number in range(40)]
    rows = [json.loads(line) for line in (tmp_path / "found/matches.jsonl").read_text().splitlines()][1:]
    sheet = cv2.imread(str(tmp_path / "found/matches.png"))
    assert sheet is not None
    for place, row in enumerate(rows):
        number = int(Path(row["id"]).stem)
        np.testing.assert_array_equal(sheet[:, 16 * place : 16 * place + 16, ::-1], pictures[number])


def test_heads_are_cut_out_of_photographs_when_asked_for(bundle: Path, tmp_path: Path) -> None:
    portraits = Path("tests/fixtures/portraits/60003_1.jpg")
    blank = tmp_path / "blank.png"
    assert cv2.imwrite(str(blank), np.full((64, 64, 3), 200, np.uint8))
    out = tmp_path / "faces.jsonl"

    assert annotate(bundle, out, portraits, blank, "--crop") == 0

    first, second = read_records(out).rows
    assert first["traits"]["sex"] in {"female", "male"}
    assert "face" in second["problem"].lower()


def query(*arguments: object) -> int:
    return main(["query", *map(str, arguments)])


def test_a_query_finds_the_rows_that_it_describes_most_real_first(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = read_records(made).rows
    commonest = Counter(row["traits"]["age_group"] for row in rows).most_common(1)[0][0]
    wanted = [row for row in rows if row["traits"]["age_group"] == commonest and row["realism"] > 0.3]

    assert query(made, f"{commonest}, realism above 0.3", "--json") == 0

    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert printed == sorted(wanted, key=lambda row: -row["realism"])[:50]


def test_matches_are_written_with_their_pictures_in_order(bundle: Path, made: Path, tmp_path: Path) -> None:
    assert query(made, "realism above 0.3", "--limit", 12, "--out", tmp_path) == 0

    first, *matches = [json.loads(line) for line in (tmp_path / "matches.jsonl").read_text().splitlines()]
    assert first["query"] == "realism above 0.3"
    assert first["shown"] == len(matches) == 12
    assert first["found"] == sum(row["realism"] > 0.3 for row in read_records(made).rows)
    sampler = Sampler(from_bundle(bundle))
    z = latents(sampler.generator, FACES, 5)
    expected = sampler.pictures(sampler.codes(z[[int(row["id"].split(":")[1]) for row in matches]]))
    sheet = cv2.imread(str(tmp_path / "matches.png"))
    assert sheet is not None
    assert sheet.shape == (32, 160, 3)
    np.testing.assert_array_equal(sheet[16:, :16, ::-1], expected[10])


def test_pictures_of_found_faces_are_read_again(
    found: Path, folder: Path, bundle: Path, tmp_path: Path
) -> None:
    assert query(found, "realism at least 0", "--order", "logit", "--out", tmp_path) == 0

    matches = [json.loads(line) for line in (tmp_path / "matches.jsonl").read_text().splitlines()][1:]
    assert {row["id"] for row in matches} == {"1.png", "below/3.png"}
    place = [row["id"] for row in matches].index("1.png")
    sheet = cv2.imread(str(tmp_path / "matches.png"))
    assert sheet is not None
    np.testing.assert_array_equal(sheet[:, 16 * place : 16 * (place + 1)], cv2.imread(str(folder / "1.png")))


def test_a_query_that_finds_nothing_says_so_and_draws_nothing(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert query(made, "realism above 1", "--out", tmp_path) == 0

    assert capsys.readouterr().err == f"0 of {FACES} faces\n"
    assert [path.name for path in tmp_path.iterdir()] == ["matches.jsonl"]


def test_without_a_question_the_command_says_what_can_be_asked(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert query(made) == 0

    said = capsys.readouterr().out
    assert "sex: male, female" in said
    assert "hair: black, blond" in said
    assert "realism" in said


def test_a_bundle_without_attribute_models_still_tells_realism(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare, out = write_tiny_bundle(tmp_path / "bundle").bundle.folder, tmp_path / "faces.jsonl"

    assert annotate(bare, out, "--generate", 5) == 0

    assert [set(row) for row in read_records(out).rows] == [{"id", "realism", "logit"}] * 5
    assert query(out, "women") == 2
    assert "not annotated with 'women'" in capsys.readouterr().err


def test_a_bundle_that_only_makes_faces_still_tells_realism(tmp_path: Path) -> None:
    whole, out = write_tiny_bundle(tmp_path / "whole").bundle, tmp_path / "faces.jsonl"
    parts = {part: whole.part(part) for part in ("generator", "discriminator")}
    manifest = {key: whole.manifest[key] for key in ("name", "framing", "resolution", "generator")}
    write_parts(tmp_path / "maker", parts, manifest)

    assert annotate(tmp_path / "maker", out, "--generate", 5) == 0

    assert [set(row) for row in read_records(out).rows] == [{"id", "realism", "logit"}] * 5


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ((), "--generate"),
        (("--generate", 0), "--generate"),
        (("--generate", 3, "nowhere"), "--generate"),
        (("nowhere",), "nowhere"),
        (("--generate", 3, "--truncation", 3), "--truncation"),
        (("--generate", 3, "--seed", -1), "--seed"),
        (("--generate", 3, "--bundle", "nowhere"), "nowhere"),
        (("--generate", 3, "--out", os.curdir), "folder"),
    ],
)
def test_bad_input_to_annotate_ends_with_status_two_and_one_line(
    bundle: Path,
    tmp_path: Path,
    more: tuple[object, ...],
    reason: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert annotate(bundle, tmp_path / "faces.jsonl", *more) == 2

    said = capsys.readouterr()
    assert reason in said.err
    assert len(said.err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no file of annotated faces"),
        ("{\n", "no file of annotated faces"),
        ('{"kind": "annotated faces", "format": 99}\n', "format 99"),
        ('{"kind": "annotated faces", "format": 1}\n[]\n', "no face"),
        ('{"kind": "annotated faces", "format": 1}\n{"id"\n', "no file of annotated faces"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_asked_is_refused(
    tmp_path: Path, content: Any, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "faces.jsonl"
    if content is not None:
        file.write_text(content)

    assert query(file, "women") == 2

    assert reason in capsys.readouterr().err


def test_an_unfinished_file_is_said_to_be_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "faces.jsonl.partial").write_text("{}")

    assert query(tmp_path / "faces.jsonl", "women") == 2

    assert "not complete" in capsys.readouterr().err
