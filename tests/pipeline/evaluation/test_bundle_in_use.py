"""``evaluate reconstruction`` and ``evaluate neighbours`` examine the bundle in use, unless told another."""

from pathlib import Path

import pytest

from pipeline.__main__ import parser

SHIPPED = Path(__file__).parents[3] / "gpu_worker" / "bundles" / "demo"
LINES = (
    "evaluate reconstruction --photos DIR --seconds 60 --out DIR --json",
    "evaluate neighbours --photos DIR --out DIR --json",
)


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIGAN_BUNDLE", raising=False)


@pytest.mark.parametrize("line", LINES)
def test_without_a_word_about_the_bundle_it_is_the_one_that_ships(
    line: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    bundle = parser().parse_args(line.split()).bundle

    assert bundle == SHIPPED
    assert (bundle / "bundle.json").is_file()


@pytest.mark.parametrize("line", LINES)
def test_the_variable_of_the_workers_wins_over_the_one_that_ships(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIGAN_BUNDLE", "/models/ours")

    assert parser().parse_args(line.split()).bundle == Path("/models/ours")


@pytest.mark.parametrize("line", LINES)
def test_a_bundle_that_is_named_wins_over_the_variable(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIGAN_BUNDLE", "/models/ours")

    assert parser().parse_args([*line.split(), "--bundle", "other"]).bundle == Path("other")
