"""What becomes of a measured figure. The only tests in this folder that measure nothing."""

import json
from pathlib import Path

import pytest

from tests.benchmarks import figures
from tests.benchmarks.figures import Promise, at_least, at_most, show

pytest_plugins = ("pytester",)


@pytest.fixture(autouse=True)
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record of this test alone."""
    path = tmp_path / "build" / "benchmarks.jsonl"
    monkeypatch.setattr(figures, "RECORD", path)
    return path


def test_each_figure_is_a_line_with_its_promise(record: Path) -> None:
    show("  waiting", [3.0, 1.0, 2.0], unit="s", promised=at_most(1.5))
    show("speed", [4.0], unit="img/s", on="a card")

    first, second = map(json.loads, record.read_text().splitlines())
    assert first["date"].endswith("+00:00")
    assert first["machine"] == figures.machine()
    assert (first["figure"], first["value"], first["least"], first["largest"]) == ("waiting", 2.0, 1.0, 3.0)
    assert (first["promised"], first["reached"]) == ("<= 1.5", False)
    assert (second["machine"], second["promised"], second["reached"]) == ("a card", None, None)


@pytest.mark.parametrize(
    ("promised", "kept", "broken"),
    [(at_least(2), 2.0, 1.9), (at_most(2), 2.0, 2.1), (Promise(-1, 1), 0.5, -1.5)],
    ids=str,
)
def test_what_keeps_a_promise(promised: Promise, kept: float, broken: float) -> None:
    assert promised.kept_by(kept)
    assert not promised.kept_by(broken)


def test_a_ratio_that_is_not_reached_fails_the_benchmark_and_a_time_does_not() -> None:
    show("a time", [3.0], unit="s", promised=at_most(1))
    show("a ratio", [2.0, 1.0, 1.2], unit="times", promised=at_least(1.1))
    assert figures.missed == []

    show("another", [1.0], unit="times", promised=at_least(1.1))
    assert figures.missed == ["another: 1.000, promised >= 1.1"]
    figures.missed.clear()


def test_a_missed_ratio_ends_in_a_failure(pytester: pytest.Pytester, record: Path) -> None:
    own = Path(__file__).with_name("conftest.py").read_text()
    pytester.makeconftest(own)
    pytester.makepyfile(
        """
        from tests.benchmarks.figures import at_least, show

        def test_slow():
            show("gain", [1.0], unit="times", promised=at_least(2))
            show("the next is measured all the same", [1.0], unit="s")

        def test_fast():
            show("gain", [3.0], unit="times", promised=at_least(2))
        """
    )

    result = pytester.runpytest_inprocess("-p", "no:django", "-p", "no:asyncio", "-o", "addopts=")

    result.assert_outcomes(passed=1, failed=1)
    assert len(record.read_text().splitlines()) == 3
