"""A benchmark measures all its figures, and then fails if a promised ratio among them was not reached."""

from collections.abc import Generator

import pytest

from tests.benchmarks import figures


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Run the test, then look at what it missed."""
    figures.missed.clear()
    result = yield
    if figures.missed:
        pytest.fail("; ".join(figures.missed), pytrace=False)
    return result
