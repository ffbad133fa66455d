"""``evaluate standing-out``: finds the odd one where there is one, and is at a loss where there is none."""

import json
from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.evaluation.standing_out.lineups import write_lineup
from pipeline.faces.head import Head
from tests.pipeline.appearance.degradations import Degradation, tinted
from tests.pipeline.appearance.drawn import drawn_head, with_image
from tests.pipeline.evaluation.pages import Page
from tests.pipeline.evaluation.standing_out.exhibits import soft


def write_lineups(folder: Path, count: int, first: int, made: Degradation) -> Path:
    for number in range(count):
        heads = [drawn_head(100 * (first + number) + i) for i in range(5)]
        suspect = number % 5
        heads[suspect] = with_image(heads[suspect], made(heads[suspect].image))
        write_lineup(folder / f"{number:02}", heads, suspect, {"sex": "female"})
    return folder


@pytest.mark.slow
def test_the_report_says_who_was_odd_and_in_what(tmp_path: Path) -> None:
    lineups = write_lineups(tmp_path / "lineups", 10, 0, tinted)

    main(["evaluate", "standing-out", str(lineups), "--out", str(tmp_path / "out")])

    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["shares"]["oddest"]["share"] >= 0.8
    assert report["shares"]["aspects"]["colour"]["share"] >= 0.9
    assert report["shares"]["groups"]["sex: female"]["of"] == 10
    assert all("differs most in colour: 1st of 5" in one["sentence"] for one in report["lineups"])
    page = Page(tmp_path / "out" / "index.html")
    assert "check of appearance" in page.text
    assert "fair" not in page.text.lower()


def test_one_lineup_ends_in_its_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lineups = write_lineups(tmp_path / "lineups", 1, 3, soft)

    main(["evaluate", "standing-out", str(lineups / "00" / "lineup.json"), "--out", str(tmp_path / "out")])

    assert "The suspect's picture differs most in" in capsys.readouterr().out


@pytest.mark.slow
def test_detectors_taught_on_other_lineups_are_in_the_report_with_what_they_go_by(tmp_path: Path) -> None:
    asked = write_lineups(tmp_path / "asked", 6, 0, soft)
    taught = write_lineups(tmp_path / "taught", 10, 50, soft)
    out = tmp_path / "out"

    main(["evaluate", "standing-out", str(asked), "--train", str(taught), "--epochs", "0", "--out", str(out)])

    found = json.loads((out / "report.json").read_text())["detectors"]
    assert found["taught_on"] == 10
    assert found["right"]["linear on traces"]["share"] >= 0.8
    assert any(name.startswith(("strength", "spectrum", "peaked")) for name in found["goes_by"])
    assert (out / "photograph.json").is_file()


def test_lineups_of_unlike_sizes_are_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heads: list[Head] = [drawn_head(seed) for seed in range(4)]
    write_lineup(tmp_path / "asked" / "1", heads, 0)
    write_lineup(tmp_path / "taught" / "1", heads[:3], 0)

    asked, taught = (str(tmp_path / name) for name in ("asked", "taught"))
    status = main(
        [
            "evaluate",
            "standing-out",
            asked,
            "--train",
            taught,
            "--epochs",
            "0",
            "--out",
            str(tmp_path / "out"),
        ]
    )

    assert status == 2
    assert "one size only" in capsys.readouterr().err
